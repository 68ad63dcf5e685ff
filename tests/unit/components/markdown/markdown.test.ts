import { expect, test } from 'vitest';
import { renderMarkdown } from '../../../../src/lib/components/markdown/render';

test('markdown becomes HTML, its headings below those of the page', () => {
	const html = renderMarkdown('# Refund\n\n**24** units\n\n- one\n- two');
	expect(html).toContain('<h3>Refund</h3>');
	expect(html).toContain('<strong>24</strong>');
	expect(html).toContain('<li>one</li>');
});

test.each([
	'<img src=x onerror="alert(1)">',
	'<script>alert(1)</script>',
	'text <b onclick=alert(1)>bold</b>',
	'<svg/onload=alert(1)>',
	'<!-- --><iframe src="javascript:alert(1)"></iframe>'
])('raw HTML comes out as text: %s', (text) => {
	const html = renderMarkdown(text);
	expect(html).not.toMatch(/<(?!\/?p>)/);
	expect(html).toContain('&lt;');
});

test.each([
	'javascript:alert(1)',
	'JaVaScRiPt:alert(1)',
	'&#106;avascript:alert(1)',
	'java&#x0A;script:alert(1)',
	'%6aavascript:alert(1)',
	'vbscript:x',
	'data:text/html;base64,PHNjcmlwdD4=',
	'file:///etc/passwd',
	'//evil.example'
])('a link to %s is no link', (target) => {
	expect(renderMarkdown(`[press me](${target})`)).not.toContain('<a');
	expect(renderMarkdown(`<${target}>`)).not.toContain('<a');
	expect(renderMarkdown(`[press me][1]\n\n[1]: ${target}`)).not.toContain('<a');
});

test('a link to the web opens beside the page and does not say where it came from', () => {
	const html = renderMarkdown('[the order](https://shop.example/1) and [the run](/runs/REFUND/1)');
	expect(html).toContain(
		'<a href="https://shop.example/1" rel="noopener noreferrer nofollow" target="_blank">'
	);
	expect(html).toContain('<a href="/runs/REFUND/1" rel="noopener noreferrer nofollow">');
});

test('a picture is not fetched', () => {
	expect(renderMarkdown('![seen](https://evil.example/pixel.png)')).not.toContain('<img');
});
