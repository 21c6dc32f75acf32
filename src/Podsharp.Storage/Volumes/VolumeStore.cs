using System.Text.Json;
using System.Text.RegularExpressions;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Linux.Files;
using Podsharp.Storage.Databases;
using Podsharp.Storage.Roots;

namespace Podsharp.Storage.Volumes;

internal sealed partial class VolumeStore : IVolumeStore
{
    private const string RemovalOwed = "volume removal owed:";
    private const int DirectoryMode = 0b111_101_101;
    private readonly Database _database;
    private readonly StorePaths _paths;
    private readonly Staging _staging;
    private readonly VolumeContent _content = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<Volume>> _pending = new(StringComparer.Ordinal);
    private Volume[]? _all;

    private VolumeStore(Database database, StorePaths paths, Staging staging) => (_database, _paths, _staging) = (database, paths, staging);

    public IReadOnlyCollection<Volume> All
    {
        get
        {
            lock (_gate) return _all ??= [.. _volumes.Values.OrderBy(volume => volume.Name, StringComparer.Ordinal)];
        }
    }

    public static async Task<VolumeStore> LoadAsync(Database database, StorePaths paths, Staging staging)
    {
        var store = new VolumeStore(database, paths, staging);
        foreach (var volume in await database.RunAsync(Durability.Process, connection => connection.Query(
            row => JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(0), StoreJson.Default.Volume)!, "SELECT record FROM volume")))
        {
            store._volumes.Add(volume.Name, volume);
        }

        foreach (var name in await database.RunAsync(Durability.Process, connection => connection.Query(
            row => row.GetString(0), "SELECT value FROM fact WHERE key LIKE $1", RemovalOwed + "%")))
        {
            await store.FinishRemovalAsync(name);
        }

        return store;
    }

    public Volume? Find(string name)
    {
        lock (_gate) return _volumes.GetValueOrDefault(name);
    }

    public string PathOf(string name) => _paths.VolumeData(Checked(name));

    public async ValueTask<Volume> AddAsync(Volume volume, CancellationToken cancellationToken)
    {
        Checked(volume.Name);
        Task<Volume> adding;
        lock (_gate)
        {
            if (_volumes.TryGetValue(volume.Name, out var present)) return present;
            if (!_pending.TryGetValue(volume.Name, out adding!)) _pending.Add(volume.Name, adding = CreateAsync(volume));
        }

        return await adding;
    }

    public async ValueTask RemoveAsync(string name, CancellationToken cancellationToken)
    {
        Checked(name);
        if (Find(name) is null) return;
        // What is mounted here is not the volume's own to remove.
        VolumeMounts.Unmount(PathOf(name));
        // That its content must go outlives a crash between the record's end and the content's.
        await _database.RunAsync(Durability.Power, database =>
        {
            database.Execute("DELETE FROM volume WHERE name = $1", name);
            database.Execute("INSERT OR REPLACE INTO fact (key, value) VALUES ($1, $2)", RemovalOwed + name, name);
        });
        // The directory is out of the way before the name is free again.
        var removing = FinishRemovalAsync(name);
        lock (_gate)
        {
            _volumes.Remove(name);
            _all = null;
        }

        await removing;
    }

    public async ValueTask CopyUpAsync(string name, string rootPath, string directory, CancellationToken cancellationToken) =>
        await _content.CopyUpAsync(PathOf(name), rootPath, directory, cancellationToken);

    private static string Checked(string name) =>
        name.Length <= 255 && NamePattern().IsMatch(name)
            ? name
            : throw EngineException.InvalidInput(
                $"\"{name}\" is no valid volume name: letters, digits, dots, dashes and underscores, starting with a letter or digit, 255 at most. "
                + "To use a directory of the host give its absolute path.");

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    private static partial Regex NamePattern();

    private async Task FinishRemovalAsync(string name)
    {
        // Once it is in the staging directory its removal is sure.
        var removing = _staging.DiscardAsync(_paths.Volume(name));
        await _database.RunAsync(Durability.Process, database => database.Execute("DELETE FROM fact WHERE key = $1", RemovalOwed + name));
        await removing;
    }

    private async Task<Volume> CreateAsync(Volume volume)
    {
        // Let the caller leave its lock before any of the disk is touched.
        await Task.Yield();
        var made = false;
        try
        {
            made = !Directory.Exists(_paths.Volume(volume.Name));
            Directory.CreateDirectory(_paths.VolumeData(volume.Name));
            File.SetUnixFileMode(_paths.VolumeData(volume.Name), (UnixFileMode)DirectoryMode);
            var json = JsonSerializer.SerializeToUtf8Bytes(volume, StoreJson.Default.Volume);
            await _database.RunAsync(
                Durability.Power, database => database.Execute("INSERT INTO volume (name, record) VALUES ($1, $2)", volume.Name, json));
            lock (_gate)
            {
                _volumes.Add(volume.Name, volume);
                _all = null;
            }

            return volume;
        }
        catch (Exception e)
        {
            if (made) FileTree.Remove(_paths.Volume(volume.Name));
            throw StorageErrors.Translate(e, $"the volume {volume.Name} cannot be made");
        }
        finally
        {
            lock (_gate) _pending.Remove(volume.Name);
        }
    }
}
