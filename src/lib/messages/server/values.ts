import { translated } from '../locale';

const en = {
	tooManyKeys: (keys: number) => `must have at most ${keys} keys`,
	keyTooLong: (characters: number) => `must have keys of at most ${characters} characters`,
	tooDeep: (levels: number) => `must be nested at most ${levels} levels deep`,
	tooLarge: (bytes: number) => `must be at most ${bytes.toLocaleString('en')} bytes of JSON`
};

export const valuesText = translated({ en });
