// Which addresses Signalbox sends requests to on somebody's behalf (webhooks, link checks, downloads).
// Ranges: the IANA special-purpose address registries for IPv4 and IPv6.
import { outboundText } from '../../messages/server/outbound';

/** Marks a request that Signalbox sends, so that it refuses to call itself by whatever name. */
export const OUTBOUND_HEADER = 'x-signalbox-outbound';

/** IPv4 ranges that are not public, as [first address, prefix length]. */
const PRIVATE_IPV4: readonly [string, number][] = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4]
];

/** Names that lead to this machine, its network or a cloud's metadata service. */
const PRIVATE_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|test)$/;

function ipv4Number(host: string): number | null {
	const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(host)?.slice(1).map(Number);
	return parts ? parts.reduce((sum, part) => sum * 256 + part, 0) : null;
}

function isPrivateIpv4(address: number): boolean {
	return PRIVATE_IPV4.some(([first, prefix]) => {
		const size = 2 ** (32 - prefix);
		const from = ipv4Number(first) ?? 0;
		return address >= from && address < from + size;
	});
}

/** The eight groups of an IPv6 address as the URL parser writes it, which is always valid. */
function ipv6Groups(text: string): number[] {
	const [head = '', tail] = text.split('::');
	const groups = (part: string) => (part === '' ? [] : part.split(':').map((g) => parseInt(g, 16)));
	const [front, back] = [groups(head), groups(tail ?? '')];
	return [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
}

function isPublicIpv6(text: string): boolean {
	const groups = ipv6Groups(text);
	const [first = 0, second = 0, third = 0] = groups;
	const last = (groups[6] ?? 0) * 65_536 + (groups[7] ?? 0);
	const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
	const isNat64 = first === 0x64 && second === 0xff9b;
	if (isMapped || isNat64) return !isPrivateIpv4(last);
	if (first === 0x2002) return !isPrivateIpv4(second * 65_536 + third); // 6to4
	const isGlobal = first >= 0x2000 && first <= 0x3fff;
	const isDocumentation = (first === 0x2001 && second === 0xdb8) || first === 0x3fff;
	const isTeredo = first === 0x2001 && second === 0;
	return isGlobal && !isDocumentation && !isTeredo;
}

/** Does a host, as `URL.hostname` has it, lie on the public internet as far as its name tells? */
export function isPublicHost(hostname: string): boolean {
	const host = hostname.toLowerCase().replace(/\.$/, '');
	if (host.startsWith('[')) return isPublicIpv6(host.slice(1, -1));
	const address = ipv4Number(host);
	if (address !== null) return !isPrivateIpv4(address);
	return host.includes('.') && !PRIVATE_NAMES.test(host);
}

/**
 * Why no request may be sent to an address; null when it may.
 * @param allow The variable `OUTBOUND_ALLOW`: hosts, with or without port, separated by commas;
 * `*` allows every host.
 */
export function outboundProblem(address: string, allow = ''): string | null {
	const url = URL.parse(address);
	if (!url || !/^https?:$/.test(url.protocol)) return outboundText.notHttp;
	if (url.username !== '' || url.password !== '') return outboundText.withPassword;
	const allowed = allow.split(',').map((entry) => entry.trim().toLowerCase());
	const isAllowed = [url.hostname, url.host, '*'].some((host) => allowed.includes(host));
	return isAllowed || isPublicHost(url.hostname) ? null : outboundText.privateHost(url.hostname);
}

/** Reads the variable `OUTBOUND_ALLOW` of a Worker: see {@link outboundProblem}. */
export function allowedHosts(env: object): string {
	const value: unknown = Reflect.get(env, 'OUTBOUND_ALLOW');
	return typeof value === 'string' ? value : '';
}
