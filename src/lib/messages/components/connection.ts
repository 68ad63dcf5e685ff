import { translated } from '../locale';

const en = {
	/** Why something cannot be pressed now. */
	offline: 'There is no connection to the server',
	notConnected: 'There is no connection. Nothing was sent.',
	lostChange:
		'The connection was lost before the answer came. The change may have been carried out: check before you try again.',
	lostRead: 'The connection was lost before the answer came. Try again.',
	unreadableAnswer: 'The answer could not be read. Reload the page.',
	unreadableChange: 'What the server sent could not be read. Reload the page.',
	status: (status: number) => `The server answered with status ${status}.`,
	noAnswer: (reason: string) => `The server does not answer: ${reason}`,
	retrying: 'The server does not answer. Signalbox keeps trying.',
	signedOut: 'The session has ended. Reload the page to sign in again.',
	closedWith: (code: number) => `The connection was closed with code ${code}.`
};

export const connectionText = translated({ en });
