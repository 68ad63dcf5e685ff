// A server of a test for the client's socket: each WebSocket that the client opens appears here.

/** One end of a connection, as the client's WebSocket sees it. */
export class FakeSocket extends EventTarget {
	static readonly CONNECTING = 0;
	static readonly OPEN = 1;
	static readonly CLOSING = 2;
	static readonly CLOSED = 3;
	readonly sent: string[] = [];
	readyState = FakeSocket.CONNECTING;
	binaryType = 'blob';
	bufferedAmount = 0;
	readonly extensions = '';
	readonly protocol = '';

	constructor(
		readonly url: string,
		private readonly server: FakeServer
	) {
		super();
	}

	send(text: string): void {
		this.sent.push(text);
		this.server.onFrame(this, text);
	}

	close(code = 1000): void {
		if (this.readyState === FakeSocket.CLOSED) return;
		this.readyState = FakeSocket.CLOSED;
		this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '', wasClean: true }));
	}

	open(): void {
		this.readyState = FakeSocket.OPEN;
		this.dispatchEvent(new Event('open'));
		this.server.onOpen(this);
	}

	/** What the server says arrives: text as it is, anything else as JSON. */
	deliver(frame: unknown): void {
		const data = typeof frame === 'string' ? frame : JSON.stringify(frame);
		this.dispatchEvent(Object.assign(new Event('message'), { data }));
	}
}

/** Opens each socket by itself and hands each frame of the client to `onFrame`. */
export class FakeServer {
	readonly sockets: FakeSocket[] = [];
	onFrame: (socket: FakeSocket, text: string) => void = () => undefined;
	accept: (socket: FakeSocket) => void = (socket) => socket.open();
	onOpen: (socket: FakeSocket) => void = () => undefined;
	/** What the client takes for the browser's WebSocket. */
	readonly WebSocket: unknown;

	constructor() {
		const open = (url: string) => {
			const socket = new FakeSocket(url, this);
			this.sockets.push(socket);
			queueMicrotask(() => this.accept(socket));
			return socket;
		};
		this.WebSocket = Object.assign(
			function (this: unknown, url: string) {
				return open(url);
			},
			{ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 }
		);
	}

	/** The socket that was opened last. */
	get last(): FakeSocket {
		const socket = this.sockets.at(-1);
		if (!socket) throw new Error('The client has opened no socket.');
		return socket;
	}
}
