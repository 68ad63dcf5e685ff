import { translated } from '../locale';

const en = {
	documentTitle: (title: string) => `${title} · Signalbox`,
	/** `{roles}`, `{example}` and `{start}` are marked up as code. */
	howToOpen:
		'Signalbox stays closed until sign-in is configured. Protect this Worker with Cloudflare Access and assign roles in the {roles} variable, for example {example}. On your own machine, {start} needs no sign-in.'
};

export const signInRefusalText = translated({ en });
