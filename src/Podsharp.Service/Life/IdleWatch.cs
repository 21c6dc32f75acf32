using Podsharp.Engine.System;
using Podsharp.Service.Sockets;

namespace Podsharp.Service.Life;

/// <summary>Decides that nobody needs the service any more, without ever dropping a client that comes at that moment.</summary>
internal sealed class IdleWatch(ApiHost host, PendingDuties duties, OwnSocket? socket, TimeSpan timeout, TimeProvider clock)
{
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Ends when the service has been idle for the timeout: then nothing is accepted any more and nobody waits. Never, when the timeout is 0.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (timeout == TimeSpan.Zero) await Task.Delay(Timeout.Infinite, cancellationToken);

        var look = timeout < LongestLook * 4 ? timeout / 4 : LongestLook;
        var seen = Activity();
        var since = clock.GetTimestamp();
        while (true)
        {
            await Task.Delay(look, clock, cancellationToken);
            var now = Activity();
            if (IsBusy() || now != seen)
            {
                seen = now;
                since = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(since) >= timeout && await CloseAsync(cancellationToken))
            {
                return;
            }
        }
    }

    private (long, long) Activity() => (host.Connections.Accepted, duties.Changes);

    private bool IsBusy() => host.Connections.Open > 0 || duties.Any;

    private async Task<bool> CloseAsync(CancellationToken cancellationToken)
    {
        socket?.Hide();
        await host.Listeners.ShutAsync();
        // Who found the path just before it went may be between that and the backlog.
        await Task.Delay(TimeSpan.FromMilliseconds(5), clock, cancellationToken);
        if (!IsBusy() && !host.Listeners.AnyWaiting) return true;

        socket?.Show();
        host.Listeners.Open();
        return false;
    }
}
