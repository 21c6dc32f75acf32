using System.Collections.Concurrent;
using Podsharp.Core.Containers;
using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Monitors;

/// <summary>
/// Tells monitors the sizes of their terminals. conmon (2.1.6) may lose a size that arrives in one read with another, so the last one is said again
/// when things are quiet; a terminal that has the size already takes no notice.
/// </summary>
internal sealed class TerminalSizes
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private readonly ConcurrentDictionary<ContainerId, TerminalSize> _last = new();

    public async Task SetAsync(Bundle bundle, TerminalSize size, CancellationToken cancellationToken)
    {
        var isAlone = !_last.ContainsKey(bundle.Id);
        _last[bundle.Id] = size;
        await ControlPipe.ResizeAsync(bundle, size, cancellationToken);
        if (isAlone) _ = SayAgainAsync(bundle);
    }

    private async Task SayAgainAsync(Bundle bundle)
    {
        try
        {
            TerminalSize? before = null;
            // While sizes come in, the last of them is not known yet.
            while (_last.TryGetValue(bundle.Id, out var now) && now != before)
            {
                before = now;
                await Task.Delay(Quiet);
            }

            if (_last.TryRemove(bundle.Id, out var last)) await ControlPipe.ResizeAsync(bundle, last, CancellationToken.None);
        }
        catch (Exception)
        {
            // The container has gone, and with it the need.
        }
        finally
        {
            _last.TryRemove(bundle.Id, out _);
        }
    }
}
