using Podsharp.Core.Registries;
using Podsharp.Testing.Contracts;

namespace Podsharp.Registry.Tests.Distribution;

public sealed class FakeRegistryContractTests : RegistryClientContract
{
    private Testing.FakeRegistry _registry = null!;

    protected override IRegistryClient Client => _registry;

    [SetUp]
    public void SetUp() => _registry = new Testing.FakeRegistry();

    protected override RegistryEndpoint Place(string repository) => new("registry.local", repository);
}
