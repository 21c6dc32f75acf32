using Podsharp.Core.Host;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

public sealed class MessageQueueMountTests
{
    [TestCase(NamespaceKind.Private, false, "mqueue")]
    [TestCase(NamespaceKind.Host, false, "mqueue")]
    [TestCase(NamespaceKind.Host, true, "bind")]
    public void The_host_s_queues_are_bound_only_where_they_cannot_be_mounted(NamespaceKind ipc, bool rootless, string type)
    {
        var container = Samples.Container("c", Samples.Image("image"));
        var context = new LaunchContext
        {
            Container = container with { Spec = container.Spec with { IpcMode = new NamespaceMode(ipc, "") } },
            Host = new FakeHost().Facts with { Rootless = rootless },
            Options = new EngineOptions(),
            RootFs = "/root",
            User = new UserIdentity(0, 0, [], "/root"),
        };

        Assert.That(MountPart.Build(context).Single(mount => mount.Destination == "/dev/mqueue").Type, Is.EqualTo(type));
    }
}
