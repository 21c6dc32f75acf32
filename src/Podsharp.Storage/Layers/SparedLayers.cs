using Podsharp.Core.Images;
using Podsharp.Storage.Databases;

namespace Podsharp.Storage.Layers;

/// <summary>
/// Layers that no image uses yet: a pull that was cut off brought them, and a next try within the hour finds them, whichever service it asks.
/// The image store's write lock guards it.
/// </summary>
internal sealed class SparedLayers
{
    private static readonly TimeSpan SparedFor = TimeSpan.FromHours(1);
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly Dictionary<Digest, DateTimeOffset> _since = [];

    private SparedLayers(Database database, TimeProvider clock) => (_database, _clock) = (database, clock);

    public static async Task<SparedLayers> LoadAsync(Database database, TimeProvider clock)
    {
        var spared = new SparedLayers(database, clock);
        foreach (var (diffId, since) in await database.RunAsync(Durability.Process, connection => connection.Query(
            row => (Digest.FromHex(row.GetString(0)), row.GetInt64(1)), "SELECT diff_id, spared FROM layer WHERE spared IS NOT NULL")))
        {
            spared._since[diffId] = DateTimeOffset.FromUnixTimeSeconds(since);
        }

        return spared;
    }

    public Task AddAsync(IReadOnlyCollection<Digest> diffIds)
    {
        var now = _clock.GetUtcNow();
        foreach (var diffId in diffIds) _since[diffId] = now;
        return WriteAsync(diffIds, now.ToUnixTimeSeconds());
    }

    /// <summary>An image uses them now, and frees them when it goes.</summary>
    public Task ForgetAsync(IEnumerable<Digest> diffIds) => WriteAsync([.. diffIds.Distinct().Where(_since.Remove)], null);

    /// <summary>Those whose hour is not over.</summary>
    public async Task<IReadOnlyCollection<Digest>> CurrentAsync()
    {
        if (_since.Count == 0) return [];
        var now = _clock.GetUtcNow();
        foreach (var (diffId, _) in _since.Where(pair => pair.Value + SparedFor <= now).ToList()) _since.Remove(diffId);
        // The clock was set back: the hour begins anew, once, for the time that is told now.
        if (_since.Where(pair => pair.Value > now).Select(static pair => pair.Key).ToList() is { Count: > 0 } ahead) await AddAsync(ahead);
        return _since.Keys;
    }

    private Task WriteAsync(IReadOnlyCollection<Digest> diffIds, long? since) => diffIds.Count == 0
        ? Task.CompletedTask
        : _database.RunAsync(Durability.Process, database =>
        {
            foreach (var diffId in diffIds) database.Execute("UPDATE layer SET spared = $2 WHERE diff_id = $1", diffId.Hex, since);
        });
}
