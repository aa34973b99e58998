/** Whether the server answers. Every request reports here; the banner and the recovery listen. */

type Listener = () => void;

export class Connection {
  private isLost = false;
  private readonly listeners = new Set<Listener>();

  report(answered: boolean): void {
    if (this.isLost === !answered) return;
    this.isLost = !answered;
    for (const listener of this.listeners) listener();
  }

  lost = (): boolean => this.isLost;

  subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
}

export const connection = new Connection();

/** A gateway that has no server behind it is as good as no answer. */
export function isGatewayFailure(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}
