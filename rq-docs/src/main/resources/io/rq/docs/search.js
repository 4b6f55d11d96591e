'use strict';

// names of properties and classes are found by each of their words
lunr.tokenizer.separator = /[^\p{L}\p{N}]+/u;

const index = lunr(function () {
	this.ref('number');
	this.field('page', { boost: 3 });
	this.field('heading', { boost: 5 });
	this.field('text');
	sections.forEach((section, number) => this.add({ ...section, number }));
});

function find(words) {
	return index.query((query) => lunr.tokenizer(words).forEach((token) => {
		query.term(token.toString(), { boost: 10 });
		query.term(token.toString(), { usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
	}));
}

function excerpt(text, words) {
	const places = lunr.tokenizer(words).map((token) => text.toLowerCase().indexOf(token.toString())).filter((at) => at >= 0);
	const start = Math.max(0, Math.min(...places, text.length) - 80);
	return (places.length > 0) ? text.substring(start, start + 240) : text.substring(0, 240);
}

function item(section, words) {
	const link = document.createElement('a');
	link.href = section.address;
	link.textContent = (section.page === section.heading) ? section.page : `${section.page}: ${section.heading}`;
	const text = document.createElement('p');
	text.textContent = excerpt(section.text, words);
	const item = document.createElement('li');
	item.append(link, text);
	return item;
}

function show(words) {
	const found = words.trim() ? find(words) : [];
	document.getElementById('count').textContent = words.trim() ? `${found.length} found` : '';
	document.getElementById('found').replaceChildren(...found.slice(0, 50).map((hit) => item(sections[hit.ref], words)));
}

const input = document.querySelector('input[name=q]');
input.value = new URLSearchParams(location.search).get('q') ?? '';
input.addEventListener('input', () => show(input.value));
show(input.value);
