using Microsoft.Extensions.Logging;
using Podsharp.Core.Containers;
using Podsharp.Core.Events;
using Podsharp.Core.Images;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;
using Podsharp.Linux.Files;
using Podsharp.Storage.Archives;
using Podsharp.Storage.Containers;
using Podsharp.Storage.Databases;
using Podsharp.Storage.Events;
using Podsharp.Storage.Images;
using Podsharp.Storage.Labels;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Networks;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Volumes;

namespace Podsharp.Storage;

/// <summary>
/// All that a store keeps, opened. Whoever opens it holds its <see cref="StoreLock"/>; disposing writes what is queued and
/// closes the databases, and leaves mounts as they are.
/// </summary>
public sealed class Stores : IStoreIdentity, IAsyncDisposable
{
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(2);
    private readonly Database _definitions;
    private readonly Database _running;
    private readonly ImageStore _images;
    private Task _emptying = Task.CompletedTask;
    private Task _collecting = Task.CompletedTask;
    private bool _disposed;

    private Stores(Database definitions, Database running, ImageStore images) => (_definitions, _running, _images) = (definitions, running, images);

    public string Id { get; private init; } = "";

    public IReadOnlyList<(string Key, string Value)> DriverStatus { get; private init; } = [];

    /// <summary>Done when all that an earlier service left has been collected.</summary>
    internal Task Settled => _collecting;

    public required IContainerStore Containers { get; init; }

    public IImageStore Images => _images;

    public required IImageArchives ImageArchives { get; init; }

    public required IImageIngest ImageIngest { get; init; }

    public required ILayerBlobs LayerBlobs { get; init; }
    public required IImageExports ImageExports { get; init; }

    public required IContainerArchives ContainerArchives { get; init; }

    public required IStoreCheck Check { get; init; }

    public required IDiskUsage DiskUsage { get; init; }

    public required INetworkStore Networks { get; init; }

    public required IVolumeStore Volumes { get; init; }

    public IVolumeMounts VolumeMounts { get; } = new VolumeMounts();

    public required IMountPlaces MountPlaces { get; init; }

    public required IEventLog Events { get; init; }

    public required IRootFileSystems RootFileSystems { get; init; }

    public IRootedFiles RootedFiles { get; } = new RootedFiles();

    public IFileLabels FileLabels { get; } = new FileLabels();

    public IPathArchives PathArchives { get; } = new PathArchives();

    public required IContainerViews ContainerViews { get; init; }

    /// <summary>
    /// Makes or migrates the store at these paths. NotSupported when the file system cannot carry overlay mounts or the store is
    /// newer than this program; Exhausted when the disk is full.
    /// </summary>
    /// <param name="bootId">State of another boot is dropped: nothing of it runs any more.</param>
    public static async Task<Stores> OpenAsync(StorePaths paths, string bootId, TimeProvider clock, ILoggerFactory loggers, StoreOptions? options = null)
    {
        MakeDirectories(paths);
        var definitions = Database.Open(paths.Database, Schema.Definitions, mayFlush: true);
        Database? running = null;
        try
        {
            running = Database.Open(paths.RunDatabase, Schema.Running, mayFlush: false);
            return await LoadAsync(definitions, running, paths, bootId, clock, loggers, options ?? new StoreOptions());
        }
        catch
        {
            await definitions.DisposeAsync();
            if (running is not null) await running.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _collecting;
        // What is left of old trees is the next start's to remove.
        await Task.WhenAny(_emptying, Task.Delay(PatienceAtEnd));
        await _definitions.DisposeAsync();
        await _running.DisposeAsync();
        _images.Dispose();
    }

    private static async Task<Stores> LoadAsync(
        Database definitions, Database running, StorePaths paths, string bootId, TimeProvider clock, ILoggerFactory loggers, StoreOptions options)
    {
        var staging = new Staging(paths, loggers.CreateLogger<Staging>());
        var emptying = staging.EmptyAsync();
        await DropOtherBootAsync(running, bootId);
        var overlay = await OverlayCheck.RunAsync(running, paths, staging);
        var containers = await ContainerStore.LoadAsync(definitions, running, clock.GetUtcNow(), loggers.CreateLogger<ContainerStore>());
        ContainerSweep.Run(paths, staging, containers);
        var layers = await LayerStore.LoadAsync(definitions, paths, staging);
        var blobs = new BlobStore(paths, staging, options.BlobCacheOn(staging.Room.Total));
        var roots = new RootFileSystems(paths, staging, containers);
        var images = await ImageStore.LoadAsync(definitions, layers, blobs, containers, clock);
        return new Stores(definitions, running, images)
        {
            Id = await IdentityAsync(definitions),
            DriverStatus = overlay,
            Containers = containers,
            ImageArchives = new ImageArchives(images, layers, staging, clock),
            ImageIngest = new ImageIngest(images, layers, blobs, staging),
            LayerBlobs = new LayerBlobs(images, layers, blobs, paths, staging),
            ContainerArchives = new ContainerArchives(images, paths, staging),
            ImageExports = new ImageExports(images, layers, blobs, paths),
            Check = new StoreCheck(images, layers, blobs, paths, staging),
            DiskUsage = new DiskUsage(paths, layers, blobs),
            MountPlaces = new MountPlaces(paths, containers),
            Networks = await NetworkStore.LoadAsync(definitions),
            Volumes = await VolumeStore.LoadAsync(definitions, paths, staging),
            Events = await EventLog.LoadAsync(definitions, clock, loggers.CreateLogger<EventLog>()),
            RootFileSystems = roots,
            ContainerViews = new ContainerViews(paths, roots, new RootedFiles()),
            _emptying = emptying,
            _collecting = images.CollectAtStartAsync(),
        };
    }

    private static void MakeDirectories(StorePaths paths)
    {
        try
        {
            string[] directories =
            [
                paths.Root, paths.Blobs, paths.Layers, paths.Volumes, paths.Containers, paths.Staging,
                paths.RunRoot, paths.RunContainers, paths.NetworkNamespaces, paths.RuntimeState, paths.NetworkRun,
            ];
            foreach (var directory in directories) Directory.CreateDirectory(directory);
            // Other users must not walk into layers: set-user-id files of images lie there.
            File.SetUnixFileMode(paths.Root, (UnixFileMode)0b111_001_001);
            foreach (var directory in new[] { paths.Layers, paths.Containers, paths.Staging, paths.Blobs })
                File.SetUnixFileMode(directory, (UnixFileMode)0b111_000_000);
            // Layers are filled in the one, containers write in the other: files are made several times faster where nobody else's are.
            foreach (var directory in new[] { paths.Staging, paths.Containers })
            {
                using var handle = DirectoryHandle.Open(directory);
                handle.TrySpreadChildren();
            }
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"the store at {paths.Root} cannot be made");
        }
    }

    private static Task DropOtherBootAsync(Database running, string bootId) => running.RunAsync(Durability.Process, database =>
    {
        if (Fact(database, "boot") == bootId) return;
        database.Execute("DELETE FROM state");
        database.Execute("DELETE FROM fact");
        database.Execute("INSERT INTO fact (key, value) VALUES ('boot', $1)", bootId);
    });

    private static Task<string> IdentityAsync(Database definitions) => definitions.RunAsync(Durability.Power, database =>
    {
        if (Fact(database, "id") is { } id) return id;
        id = Guid.NewGuid().ToString();
        database.Execute("INSERT INTO fact (key, value) VALUES ('id', $1)", id);
        return id;
    });

    private static string? Fact(Database database, string key) =>
        database.Query(row => row.GetString(0), "SELECT value FROM fact WHERE key = $1", key).FirstOrDefault();
}
