import { describe, expect, it } from 'vitest';
import { isPublicHost, outboundProblem } from '../../../../src/lib/protocol';

describe('an address that requests are sent to', () => {
	it.each([
		'https://example.com/hook',
		'http://8.8.8.8/',
		'https://hooks.slack.com/services/x',
		'https://[2606:4700:4700::1111]/',
		'https://xn--bcher-kva.example.org/'
	])('%s is allowed', (address) => {
		expect(outboundProblem(address)).toBeNull();
	});

	it.each([
		'http://localhost:8787/',
		'http://LOCALHOST/',
		'http://localhost./',
		'http://a.localhost/',
		'http://127.0.0.1/',
		'http://127.1/',
		'http://2130706433/',
		'http://0x7f.0.0.1/',
		'http://0177.0.0.1/',
		'http://0.0.0.0/',
		'http://10.1.2.3/',
		'http://172.16.0.1/',
		'http://172.31.255.255/',
		'http://192.168.1.1/',
		'http://100.64.0.1/',
		'http://169.254.169.254/latest/meta-data',
		'http://224.0.0.1/',
		'http://255.255.255.255/',
		'http://[::1]/',
		'http://[::]/',
		'http://[::ffff:127.0.0.1]/',
		'http://[::ffff:a9fe:a9fe]/',
		'http://[64:ff9b::7f00:1]/',
		'http://[2002:7f00:1::]/',
		'http://[fe80::1]/',
		'http://[fd00::1]/',
		'http://[ff02::1]/',
		'http://[2001:db8::1]/',
		'http://metadata.google.internal/',
		'http://printer.local/',
		'http://intranet/',
		'http://１２７.0.0.1/'
	])('%s is refused as not public', (address) => {
		expect(outboundProblem(address)).toContain('is not a public address');
	});

	it.each(['ftp://example.com/', 'javascript:alert(1)', 'not an address', ''])(
		'%j is refused as no http address',
		(address) => {
			expect(outboundProblem(address)).toBe('must be an http or https URL');
		}
	);

	it('may not carry a password', () => {
		expect(outboundProblem('https://user:secret@example.com/')).toContain('password');
	});

	it('may be private where the variable lists its host, with or without the port', () => {
		expect(outboundProblem('http://127.0.0.1:9000/', '127.0.0.1')).toBeNull();
		expect(outboundProblem('http://127.0.0.1:9000/', 'a, 127.0.0.1:9000')).toBeNull();
		expect(outboundProblem('http://127.0.0.1:9001/', '127.0.0.1:9000')).toContain('not a public');
		expect(outboundProblem('http://10.0.0.1/', '*')).toBeNull();
	});

	it('is judged by every range from its first to its last address', () => {
		expect(isPublicHost('9.255.255.255')).toBe(true);
		expect(isPublicHost('10.0.0.0')).toBe(false);
		expect(isPublicHost('10.255.255.255')).toBe(false);
		expect(isPublicHost('11.0.0.0')).toBe(true);
		expect(isPublicHost('172.15.255.255')).toBe(true);
		expect(isPublicHost('172.32.0.0')).toBe(true);
	});
});
