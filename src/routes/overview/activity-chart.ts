import {
	BarController,
	BarElement,
	CategoryScale,
	Chart,
	LinearScale,
	LineController,
	LineElement,
	PointElement,
	Tooltip,
	type ChartConfiguration
} from 'chart.js';
import type { ActivityMinute } from '$lib/protocol';

Chart.register(
	BarController,
	BarElement,
	CategoryScale,
	LinearScale,
	LineController,
	LineElement,
	PointElement,
	Tooltip
);

/** The colours of the chart, read from the tokens. */
export type ChartColours = {
	started: string;
	completed: string;
	failed: string;
	grid: string;
	text: string;
	surface: string;
	heading: string;
};

/** A chart of what began and ended, minute by minute. */
export class ActivityChart {
	#chart: Chart<'bar' | 'line', number[], string>;
	#colours: ChartColours;

	constructor(canvas: HTMLCanvasElement, colours: ChartColours) {
		this.#colours = colours;
		this.#chart = new Chart(
			canvas,
			configuration((name) => () => this.#colours[name])
		);
	}

	/** Draws these minutes. */
	show(minutes: readonly ActivityMinute[]): void {
		this.#chart.data.labels = minutes.map(({ minute }) => clockOf(minute));
		const series = [
			minutes.map(({ started }) => started),
			minutes.map(({ completed }) => completed),
			minutes.map(({ failed }) => failed)
		];
		this.#chart.data.datasets.forEach((dataset, index) => {
			dataset.data = series[index] ?? [];
		});
		this.#chart.update('none');
	}

	/** Draws in these colours from now on. */
	paint(colours: ChartColours): void {
		this.#colours = colours;
		this.#chart.update('none');
	}

	/** Frees the canvas. */
	destroy(): void {
		this.#chart.destroy();
	}
}

/** The clock's time of a minute, as its axis and its table name it. */
export function clockOf(minute: number): string {
	return new Date(minute).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/**
 * Colours are given as functions: chart.js keeps a plain one that a bar was first drawn in, and
 * would draw in it still after the theme has changed.
 */
function configuration(
	colour: (name: keyof ChartColours) => () => string
): ChartConfiguration<'bar' | 'line', number[], string> {
	const bar = { type: 'bar', stack: 'ended', data: [], borderRadius: 2, order: 2 } as const;
	const font = { family: "'Inter Variable', system-ui, sans-serif", size: 11 };
	return {
		type: 'bar',
		data: {
			labels: [],
			datasets: [
				{
					type: 'line',
					label: 'Started',
					data: [],
					order: 1,
					borderColor: colour('started'),
					borderWidth: 1.75,
					stepped: 'middle',
					pointRadius: 0,
					pointHitRadius: 8
				},
				{ ...bar, label: 'Completed', data: [], backgroundColor: colour('completed') },
				{ ...bar, label: 'Not completed', data: [], backgroundColor: colour('failed') }
			]
		},
		options: {
			animation: false,
			maintainAspectRatio: false,
			interaction: { mode: 'index', intersect: false },
			scales: {
				x: {
					stacked: true,
					grid: { display: false },
					border: { display: false },
					ticks: { font, color: colour('text'), maxRotation: 0, autoSkipPadding: 24 }
				},
				y: {
					stacked: true,
					beginAtZero: true,
					suggestedMax: 4,
					border: { display: false },
					grid: { color: colour('grid') },
					ticks: { font, color: colour('text'), precision: 0, maxTicksLimit: 5, padding: 8 }
				}
			},
			plugins: {
				tooltip: {
					backgroundColor: colour('surface'),
					borderColor: colour('grid'),
					titleColor: colour('heading'),
					bodyColor: colour('heading'),
					borderWidth: 1,
					padding: 10,
					boxPadding: 4,
					usePointStyle: true,
					titleFont: font,
					bodyFont: font
				}
			}
		}
	};
}
