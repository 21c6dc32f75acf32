using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Images;
using Podsharp.Core.Storage;
using Podsharp.Testing.Contracts;

namespace Podsharp.Storage.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageStoreContractTests : ImageStoreContract
{
    private string _directory = "";
    private Stores _stores = null!;

    protected override IImageStore Store => _stores.Images;

    [SetUp]
    public async Task OpenStore()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-store").FullName;
        _stores = await Stores.OpenAsync(
            new StorePaths(Path.Join(_directory, "root"), Path.Join(_directory, "run")), "boot", TimeProvider.System, NullLoggerFactory.Instance);
    }

    [TearDown]
    public async Task RemoveStore()
    {
        await _stores.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
