using Podsharp.Core.Errors;
using Podsharp.Service.Options;
using Podsharp.Storage;

namespace Podsharp.Service.Life;

/// <summary>The lock on the store for the whole life of the service.</summary>
internal static class StoreGuard
{
    // One that exits just now, or a tool that only looks, is no reason to refuse.
    private static readonly TimeSpan PatienceOfPersons = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan PatienceOfWakers = TimeSpan.FromMinutes(1);

    /// <summary>Conflict that names the holder when it does not let go; a woken service waits longer.</summary>
    public static async Task<StoreLock> TakeAsync(Places places, bool woken, CancellationToken cancellationToken)
    {
        var socket = $"unix://{places.Socket}";
        if (await StoreLock.AcquireAsync(places.Paths, socket, woken ? PatienceOfWakers : PatienceOfPersons, cancellationToken) is { } taken) return taken;
        if (StoreLock.TryAcquire(places.Paths, socket, out var holder) is { } late) return late;
        var who = holder.Length > 0 ? $"the service with {holder}" : "another service";
        throw EngineException.Conflict($"the store {places.Paths.Root} is served by {who}: use that one, stop it, or choose another --root");
    }
}
