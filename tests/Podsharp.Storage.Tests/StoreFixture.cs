using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Containers;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Storage.Tests;

/// <summary>A store in a directory of its own, which can be closed and opened again.</summary>
public abstract class StoreFixture
{
    private protected const string Boot = "11111111-1111-1111-1111-111111111111";
    private string _directory = "";

    private protected StorePaths Paths { get; private set; } = new("", "");

    private protected Stores Stores { get; private set; } = null!;

    [SetUp]
    public async Task OpenStore()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-store").FullName;
        Paths = new StorePaths(Path.Join(_directory, "root"), Path.Join(_directory, "run"));
        Stores = await OpenAsync(Boot);
    }

    [TearDown]
    public async Task RemoveStore()
    {
        await Stores.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private protected async Task ReopenAsync(string boot = Boot, Action? meanwhile = null)
    {
        await Stores.DisposeAsync();
        meanwhile?.Invoke();
        Stores = await OpenAsync(boot);
    }

    private protected static Container NewContainer(string name, IReadOnlyList<Digest>? layers = null) => new()
    {
        Id = ContainerId.New(),
        Name = name,
        Created = DateTimeOffset.UtcNow,
        ImageId = Digest.FromHex(new string('a', 64)),
        Layers = layers ?? [],
        Spec = new ContainerSpec { ImageName = "busybox", Labels = new Dictionary<string, string> { ["a"] = "b" } },
    };

    private protected virtual TimeProvider Time => TimeProvider.System;

    private Task<Stores> OpenAsync(string boot) => Podsharp.Storage.Stores.OpenAsync(Paths, boot, Time, NullLoggerFactory.Instance);
}
