-- A time as it stands in job hashes: UTC with six digits of a second. Years are counted
-- from March, so that the leap day is the last of its year.
local function people_time(seconds)
  local whole = math.floor(seconds)
  local day, second = math.floor(whole / 86400), whole % 86400
  local from_march = day + 719468
  local era = math.floor(from_march / 146097)
  local of_era = from_march % 146097
  local year = math.floor((of_era - math.floor(of_era / 1460) + math.floor(of_era / 36524)
    - math.floor(of_era / 146096)) / 365)
  local of_year = of_era - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local shifted = math.floor((5 * of_year + 2) / 153)
  local month = shifted < 10 and shifted + 3 or shifted - 9
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%06dZ', year + era * 400 + (month <= 2 and 1 or 0), month,
    of_year - math.floor((153 * shifted + 2) / 5) + 1, math.floor(second / 3600), math.floor(second / 60) % 60,
    second % 60, math.floor((seconds - whole) * 1000000))
end
