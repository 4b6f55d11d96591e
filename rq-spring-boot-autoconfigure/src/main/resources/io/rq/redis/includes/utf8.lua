local SEQUENCES = { '[\194-\223]C', '\224[\160-\191]C', '[\225-\236\238\239]CC', '\237[\128-\159]C',
  '\240[\144-\191]CC', '[\241-\243]CCC', '\244[\128-\143]CC' }

-- Tells whether a text is the same to Java, which reads it as UTF-8.
local function is_utf8(text)
  if text:find('[\128-\255]') then
    for _, sequence in ipairs(SEQUENCES) do
      text = text:gsub(sequence:gsub('C', '[\128-\191]'), '?')
    end
  end
  return not text:find('[\128-\255]')
end
