import { translated } from '../locale';
import { plural } from '../plural';

const en = {
	yes: 'yes',
	no: 'no',
	none: 'none',
	/** Facts that do not fit on one line. */
	rows: (rows: number) => plural(rows, { one: '# row', other: '# rows' }),
	details: 'see details'
};

export const factsText = translated({ en });
