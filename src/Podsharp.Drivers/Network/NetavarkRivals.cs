using Podsharp.Core.Errors;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Another engine on this machine calls its own netavark without our lock; the chains that both use are made and looked for in
/// two steps, so that one of the two may lose. Its loss is over at once.
/// </summary>
internal static class NetavarkRivals
{
    private const int Attempts = 4;

    /// <summary>Repeats a call that lost against another's.</summary>
    public static async Task OutlastAsync(Func<Task> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (EngineException exception) when (attempt < Attempts && IsCollision(exception.Message))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20 * attempt), cancellationToken);
            }
        }
    }

    private static bool IsCollision(string message) =>
        message.Contains("Chain already exists", StringComparison.Ordinal)
        || message.Contains("xtables lock", StringComparison.Ordinal)
        || message.Contains("Could not fetch rule set generation id", StringComparison.Ordinal)
        || message.Contains("Resource temporarily unavailable", StringComparison.Ordinal);
}
