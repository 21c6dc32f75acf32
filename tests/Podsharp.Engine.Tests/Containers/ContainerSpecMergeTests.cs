using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Tests.Containers;

public sealed class ContainerSpecMergeTests
{
    private static readonly ImageProcess Image = new()
    {
        Entrypoint = ["/entry"],
        Command = ["default"],
        Environment = ["PATH=/bin", "MODE=image"],
        WorkingDirectory = "/srv",
        User = "app",
        Labels = new Dictionary<string, string> { ["a"] = "image", ["b"] = "image" },
        StopSignal = "SIGINT",
        Volumes = ["/data"],
        ExposedPorts = [new PortKey(80, "tcp")],
    };

    private static ContainerSpec Merge(ContainerSpec asked) => ContainerSpecMerge.Merge(asked, Image, ContainerId.New(), "machine");

    [TestCase(NamespaceKind.Host, NamespaceKind.Default, "", "machine")]
    [TestCase(NamespaceKind.Host, NamespaceKind.Default, "own", "own")]
    [TestCase(NamespaceKind.Host, NamespaceKind.Host, "", "machine")]
    [TestCase(NamespaceKind.Bridge, NamespaceKind.Host, "", "machine")]
    [TestCase(NamespaceKind.Host, NamespaceKind.Container, "", "")]
    public void A_container_with_the_host_s_network_or_name_has_the_host_s_name_unless_another_is_asked_for(
        NamespaceKind network, NamespaceKind uts, string asked, string name)
    {
        var spec = new ContainerSpec { Hostname = asked, UtsMode = new NamespaceMode(uts, ""), Network = new NetworkSpec { Mode = new NamespaceMode(network, "") } };

        Assert.That(Merge(spec).Hostname, Is.EqualTo(name));
    }

    [TestCase("/work/./here/", "/work/here")]
    [TestCase("/a/../b//", "/b")]
    [TestCase("/", "/")]
    public void The_working_directory_is_written_in_its_shortest_form(string asked, string kept) =>
        Assert.That(Merge(new ContainerSpec { Process = new ProcessSpec { WorkingDirectory = asked } }).Process.WorkingDirectory, Is.EqualTo(kept));

    [Test]
    public void Takes_from_the_image_what_was_not_asked_for()
    {
        var merged = Merge(new ContainerSpec());

        Assert.That(merged.Process.Entrypoint, Is.EqualTo(new[] { "/entry" }));
        Assert.That(merged.Process.Command, Is.EqualTo(new[] { "default" }));
        Assert.That(merged.Process.User, Is.EqualTo("app"));
        Assert.That(merged.Process.WorkingDirectory, Is.EqualTo("/srv"));
        Assert.That(merged.StopSignal, Is.EqualTo("SIGINT"));
        Assert.That(merged.Mounts.AnonymousVolumes, Is.EqualTo(new[] { "/data" }));
        Assert.That(merged.Network.ExposedPorts, Is.EqualTo(new[] { new PortKey(80, "tcp") }));
    }

    [Test]
    public void An_entrypoint_of_ones_own_drops_the_image_s_command()
    {
        var merged = Merge(new ContainerSpec { Process = new ProcessSpec { Entrypoint = ["/mine"] } });

        Assert.That(merged.Process.Entrypoint, Is.EqualTo(new[] { "/mine" }));
        Assert.That(merged.Process.Command, Is.Null);
    }

    [Test]
    public void No_entrypoint_takes_the_image_s_away_and_leaves_its_command()
    {
        var merged = Merge(new ContainerSpec { Process = new ProcessSpec { Entrypoint = [] } });

        Assert.That(merged.Process.Entrypoint, Is.Empty);
        Assert.That(merged.Process.Command, Is.EqualTo(new[] { "default" }));
    }

    [Test]
    public void An_empty_entrypoint_takes_the_image_s_away()
    {
        var merged = Merge(new ContainerSpec { Process = new ProcessSpec { Entrypoint = [""], Command = ["sh"] } });

        Assert.That(merged.Process.Entrypoint, Is.Null);
        Assert.That(merged.Process.Command, Is.EqualTo(new[] { "sh" }));
    }

    [Test]
    public void Variables_win_over_the_image_s_and_a_bare_name_removes_one()
    {
        var merged = Merge(new ContainerSpec { Process = new ProcessSpec { Environment = ["MODE=mine", "PATH"] } });

        Assert.That(merged.Process.Environment, Is.EqualTo(new[] { "MODE=mine" }));
    }

    [Test]
    public void Labels_win_one_by_one()
    {
        var merged = Merge(new ContainerSpec { Labels = new Dictionary<string, string> { ["a"] = "mine" } });

        Assert.That(merged.Labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "mine", ["b"] = "image" }));
    }

    [Test]
    public void Refuses_a_container_with_nothing_to_run() =>
        Assert.That(
            () => ContainerSpecMerge.Merge(new ContainerSpec(), new ImageProcess(), ContainerId.New(), "machine"),
            Throws.TypeOf<EngineException>().With.Message.Contains("no command specified"));

    [Test]
    public void Refuses_a_relative_working_directory() =>
        Assert.That(
            () => Merge(new ContainerSpec { Process = new ProcessSpec { WorkingDirectory = "srv" } }),
            Throws.TypeOf<EngineException>().With.Message.Contains("absolute path"));

    [Test]
    public void Names_the_host_after_the_container() => Assert.That(Merge(new ContainerSpec()).Hostname, Has.Length.EqualTo(12));
}
