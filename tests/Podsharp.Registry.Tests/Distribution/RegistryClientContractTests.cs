using Microsoft.Extensions.Logging.Abstractions;
using Podsharp.Core.Registries;
using Podsharp.Registry.Distribution;
using Podsharp.Registry.Tests.Fakes;
using Podsharp.Testing.Contracts;

namespace Podsharp.Registry.Tests.Distribution;

/// <summary>The client with docker-registry at the other end.</summary>
public sealed class RegistryClientContractTests : RegistryClientContract
{
    private Scratch _scratch = null!;
    private RealRegistry _registry = null!;
    private RegistryClient _client = null!;

    protected override IRegistryClient Client => _client;

    [SetUp]
    public async Task SetUpAsync()
    {
        _scratch = new Scratch();
        _client = new RegistryClient(new RegistryOptions { Places = _scratch.Places }, TimeProvider.System, NullLogger<RegistryClient>.Instance);
        _registry = await RealRegistry.StartAsync(_scratch);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        _client.Dispose();
        if (_registry is not null) await _registry.DisposeAsync();
        _scratch.Dispose();
    }

    protected override RegistryEndpoint Place(string repository) => _registry.Endpoint(repository, insecure: true);
}
