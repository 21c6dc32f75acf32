using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;

namespace Podsharp.Service.Tests.Options;

public sealed class ContainersConfTests
{
    private static readonly string[] FirstFile = ["A=1"];
    private readonly ConfigurationFiles _files = new();

    [TearDown]
    public void Restore() => _files.Dispose();

    [Test]
    public void A_later_file_replaces_a_list()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\nenv = [\"A=1\"]");
        _files.Name("CONTAINERS_CONF_OVERRIDE", "[containers]\nenv = [\"B=2\"]");

        Assert.That(ConfigurationFiles.Read().Engine.DefaultEnvironment, Is.EqualTo(["B=2"]));
    }

    [TestCase("", true)]
    [TestCase("label = false", false)]
    public void Containers_have_labels_unless_a_file_says_no(string line, bool labels)
    {
        _files.Name("CONTAINERS_CONF", "[containers]\n" + line);

        Assert.That(ConfigurationFiles.Read().Engine.Labels, Is.EqualTo(labels));
    }

    [Test]
    public void A_later_file_adds_to_a_list_when_it_says_so()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\nenv = [\"A=1\"]");
        _files.Name("CONTAINERS_CONF_OVERRIDE", "[containers]\nenv = [\"B=2\", {append=true}]");

        Assert.That(ConfigurationFiles.Read().Engine.DefaultEnvironment, Is.EqualTo([.. FirstFile, "B=2"]));
    }

    [Test]
    public void A_list_that_was_added_to_is_added_to_by_later_files_too()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\nenv = [\"A=1\", {append=true}]");
        _files.Name("CONTAINERS_CONF_OVERRIDE", "[containers]\nenv = [\"B=2\"]");

        Assert.That(ConfigurationFiles.Read().Engine.DefaultEnvironment, Is.EqualTo([.. new EngineOptions().DefaultEnvironment, .. FirstFile, "B=2"]));
    }

    [Test]
    public void A_list_stops_being_added_to_when_a_file_says_so()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\nenv = [\"A=1\", {append=true}]");
        _files.Name("CONTAINERS_CONF_OVERRIDE", "[containers]\nenv = [\"B=2\", {append=false}]");

        Assert.That(ConfigurationFiles.Read().Engine.DefaultEnvironment, Is.EqualTo(["B=2"]));
    }

    [Test]
    public void Lists_of_values_are_added_to_the_built_in_ones()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\ndefault_capabilities = [\"NET_RAW\", {append=true}]");

        Assert.That(ConfigurationFiles.Read().Engine.DefaultCapabilities, Is.EqualTo([.. new EngineOptions().DefaultCapabilities, "CAP_NET_RAW"]));
    }

    [Test]
    public void Sysctls_that_a_list_leaves_out_stay_as_they_are()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\ndefault_sysctls = [\"net.ipv4.ping_group_range=0 0\"]");

        Assert.That(
            ConfigurationFiles.Read().Engine.DefaultSysctls,
            Is.EquivalentTo(new Dictionary<string, string> { ["net.ipv4.ping_group_range"] = "0 0", ["net.ipv4.ip_unprivileged_port_start"] = "0" }));
    }

    [Test]
    public void An_empty_list_of_sysctls_is_none()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\ndefault_sysctls = []");

        Assert.That(ConfigurationFiles.Read().Engine.DefaultSysctls, Is.Empty);
    }

    [Test]
    public void Volumes_are_read_as_mounts()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\nvolumes = [\"/srv/data:/data:ro\"]");

        var volume = ConfigurationFiles.Read().Engine.Volumes.Single();

        Assert.That((volume.Kind, volume.Source, volume.Target, volume.ReadOnly), Is.EqualTo((MountKind.Bind, "/srv/data", "/data", true)));
    }

    [Test]
    public void A_volume_without_a_source_is_a_fault()
    {
        _files.Name("CONTAINERS_CONF", "[containers]\nvolumes = [\"/data\"]");

        Assert.That(
            () => ConfigurationFiles.Read(),
            Throws.TypeOf<EngineException>().With.Message.Contains("containers.volumes: \"/data\" is not SOURCE:TARGET[:OPTIONS]"));
    }

    [TestCase("Nowhere/Atlantis")]
    [TestCase("../../../etc/passwd")]
    public void A_time_zone_that_is_none_is_a_fault(string zone)
    {
        _files.Name("CONTAINERS_CONF", $"[containers]\ntz = \"{zone}\"");

        Assert.That(() => ConfigurationFiles.Read(), Throws.TypeOf<EngineException>().With.Message.Contains($"containers.tz: \"{zone}\""));
    }
}
