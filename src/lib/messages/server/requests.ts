import { translated } from '../locale';

const en = {
	unknownOperation: (names: readonly string[]) => `must be one of ${names.join(', ')}`,
	tooDeep: (levels: number) => `The input is nested too deeply: at most ${levels} levels.`,
	keyReused: (key: string) =>
		`The idempotency key “${key}” was used for another request. Send this one with a new key.`,
	keyMalformed: 'must be 1 to 255 printable ASCII characters',
	firstInterrupted:
		'The first request with this idempotency key was interrupted, so it may have been carried out. Check before you repeat it with a new key.',
	answerNotKept:
		'The first request with this idempotency key was carried out. Its answer was too long to be kept.',
	notSignedIn: 'You are not signed in.',
	unknownPath: (method: string, path: string) => `${method} ${path} is not part of the API.`,
	wrongMethod: (method: string, path: string, allowed: readonly string[]) =>
		`${path} does not support ${method}; use ${allowed.join(' or ')}.`,
	malformedPath: 'The path is not valid percent-encoded UTF-8: write % as %25.',
	bodyTooLarge: (bytes: number) =>
		`The body is too large: at most ${bytes.toLocaleString('en')} bytes.`,
	malformedJson: (reason: string) => `The body is not valid JSON: ${reason}`,
	interrupted:
		'The Operations agent was interrupted. Check whether the request was carried out before you repeat it.',
	broken: 'Something went wrong on the server. The error is in its log.',
	noPlatform: 'The API runs only in the Worker; `vite dev` passes requests on to it.'
};

export const requestsText = translated({ en });
