using Podsharp.Core.Host;
using Podsharp.Core.Oci;
using Podsharp.Engine.Containers.Spec;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Spec;

[TestFixture]
public sealed class DeviceEditPartTests
{
    private readonly FakeHost _host = new();

    [SetUp]
    public void MakeDevice() => _host.DeviceNodes["/dev/real"] = new DeviceNode("/dev/real", 'c', 10, 200, 0, 5, 0x21b0);

    [Test]
    public void What_a_node_leaves_open_is_the_hosts_and_the_container_may_use_it()
    {
        var spec = DeviceEditPart.Apply(Spec(), new DeviceEdits { Nodes = [Node("/dev/seen", "/dev/real", "rw")] }, _host);

        Assert.That(spec.Linux.Devices, Is.EqualTo(new[] { new LinuxDevice("/dev/seen", "c", 10, 200, 0x1b0, 0, 5) }));
        Assert.That(spec.Linux.Resources!.Devices![^1], Is.EqualTo(new LinuxDeviceRule(true, "c", 10, 200, "rw")));
    }

    [Test]
    public void A_variable_replaces_that_of_the_same_name()
    {
        var spec = DeviceEditPart.Apply(Spec(), new DeviceEdits { Environment = ["A=new"] }, _host);

        Assert.That(spec.Process.Env, Is.EqualTo(new[] { "AB=kept", "A=new" }));
    }

    [Test]
    public void A_mount_replaces_that_of_the_same_place_and_outer_ones_come_first()
    {
        RuntimeMount[] mounts = [new("/a/b", "bind", "/x", []), new("/old", "bind", "/y", []), new("/a", "bind", "/z", [])];

        var spec = DeviceEditPart.Apply(Spec(), new DeviceEdits { Mounts = mounts }, _host);

        Assert.That(spec.Mounts.Select(mount => (mount.Destination, mount.Source)), Is.EqualTo(new[] { ("/proc", "proc"), ("/old", "/y"), ("/a", "/z"), ("/a/b", "/x") }));
    }

    [Test]
    public void An_ordinary_user_gets_the_hosts_node_by_a_bind()
    {
        _host.Facts = _host.Facts with { Rootless = true };

        var spec = DeviceEditPart.Apply(Spec(), new DeviceEdits { Nodes = [Node("/dev/seen", "/dev/real", "r")] }, _host);

        Assert.That(spec.Linux.Devices, Is.Null);
        Assert.That(spec.Mounts[^1] is { Destination: "/dev/seen", Source: "/dev/real" } bind && bind.Options.Contains("ro"));
    }

    [Test]
    public void A_node_that_is_gone_is_named()
    {
        Assert.That(
            () => DeviceEditPart.Apply(Spec(), new DeviceEdits { Nodes = [Node("/dev/seen", "/dev/gone", "")] }, _host),
            Throws.Exception.Message.Contains("/dev/gone is there no more"));
    }

    private static DeviceNodeEdit Node(string path, string hostPath, string permissions) => new(path, hostPath, null, null, null, null, permissions, null, null);

    private static RuntimeSpec Spec() => new()
    {
        Process = new RuntimeProcess { User = new RuntimeUser(0, 0, null, null), Args = ["true"], Env = ["A=old", "AB=kept"] },
        Root = new RuntimeRoot("/root", false),
        Mounts = [new("/proc", "proc", "proc", []), new("/old", "bind", "/old", [])],
        Linux = new LinuxSpec { Resources = new LinuxResources { Devices = [new LinuxDeviceRule(false, null, null, null, "rwm")] } },
    };
}
