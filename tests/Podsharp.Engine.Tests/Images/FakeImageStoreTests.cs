using Podsharp.Core.Images;
using Podsharp.Testing;
using Podsharp.Testing.Contracts;

namespace Podsharp.Engine.Tests.Images;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FakeImageStoreTests : ImageStoreContract
{
    protected override IImageStore Store { get; } = new FakeImageStore();
}
