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
import { overviewText } from '$lib/messages/pages/overview';
import type { ActivityMinute } from '$lib/protocol';
import { clockOf } from './activity-series';

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

/** Colours of the chart, as CSS colours. */
export type ChartColours = {
	started: string;
	completed: string;
	failed: string;
	grid: string;
	text: string;
	surface: string;
	heading: string;
};

/** A chart of runs started and ended by minute. Import it lazily: it brings chart.js. */
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

	paint(colours: ChartColours): void {
		this.#colours = colours;
		this.#chart.update('none');
	}

	destroy(): void {
		this.#chart.destroy();
	}
}

/** Colours are functions, since chart.js keeps plain ones even after the theme has changed. */
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
					label: overviewText.started,
					data: [],
					order: 1,
					borderColor: colour('started'),
					borderWidth: 1.75,
					stepped: 'middle',
					pointRadius: 0,
					pointHitRadius: 8
				},
				{ ...bar, label: overviewText.completed, data: [], backgroundColor: colour('completed') },
				{ ...bar, label: overviewText.notCompleted, data: [], backgroundColor: colour('failed') }
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
