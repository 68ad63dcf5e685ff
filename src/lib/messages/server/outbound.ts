import { translated } from '../locale';

const en = {
	notHttp: 'must be an http or https URL',
	withPassword: 'must not contain a user name or password',
	privateHost: (host: string) =>
		`${host} is not a public address. To allow it, add it to the variable OUTBOUND_ALLOW.`,
	tooManyRedirects: (most: number) => `redirected more than ${most} times`
};

/** Why Signalbox does not send a request to an address. */
export const outboundText = translated({ en });
