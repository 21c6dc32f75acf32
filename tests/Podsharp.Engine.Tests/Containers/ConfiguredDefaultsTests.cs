using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Tests.Containers;

public sealed class ConfiguredDefaultsTests
{
    private static readonly EngineOptions Options = new() { IpcMode = "shareable", Volumes = [Bind("/host", "/data")] };

    [Test]
    public void An_ipc_mode_that_was_not_asked_for_is_the_configured_one() =>
        Assert.That(ConfiguredDefaults.Apply(new ContainerSpec(), Options).IpcMode.Kind, Is.EqualTo(NamespaceKind.Shareable));

    [Test]
    public void An_ipc_mode_that_was_asked_for_stays()
    {
        var asked = new ContainerSpec { IpcMode = new NamespaceMode(NamespaceKind.Private) };

        Assert.That(ConfiguredDefaults.Apply(asked, Options).IpcMode.Kind, Is.EqualTo(NamespaceKind.Private));
    }

    [Test]
    public void Configured_volumes_are_mounted_too()
    {
        var asked = new ContainerSpec { Mounts = new MountsSpec { Requested = [Bind("/mine", "/other")] } };

        Assert.That(ConfiguredDefaults.Apply(asked, Options).Mounts.Requested.Select(mount => mount.Target), Is.EqualTo(["/other", "/data"]));
    }

    [Test]
    public void Configured_volumes_give_way_to_mounts_that_were_asked_for()
    {
        var asked = new ContainerSpec { Mounts = new MountsSpec { Requested = [Bind("/mine", "/data")] } };

        Assert.That(ConfiguredDefaults.Apply(asked, Options).Mounts.Requested.Single().Source, Is.EqualTo("/mine"));
    }

    [Test]
    public void Configured_volumes_give_way_to_anonymous_volumes()
    {
        var asked = new ContainerSpec { Mounts = new MountsSpec { AnonymousVolumes = ["/data"] } };

        Assert.That(ConfiguredDefaults.Apply(asked, Options).Mounts.Requested, Is.Empty);
    }

    private static MountRequest Bind(string source, string target) => new() { Kind = MountKind.Bind, Source = source, Target = target };
}
