using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class ConfigWriterTests
{
    [TestCase("", "bridge", 51, "02:00:00:00:00:01")]
    [TestCase("net", "net", 51, "02:00:00:00:00:01")]
    [TestCase("net", "other", 51, null)]
    [TestCase("net", "net", 52, null)]
    public void The_first_network_s_hardware_address_is_the_container_s_for_older_clients(string mode, string network, int minor, string? address)
    {
        var container = Samples.Container("c", Samples.Image("image"));
        var endpoints = new Dictionary<string, EndpointSpec> { [network] = new() { MacAddress = "02:00:00:00:00:01" } };
        container = container with { Spec = container.Spec with { Network = new NetworkSpec { Written = mode, Endpoints = endpoints } } };

        Assert.That(ConfigWriter.Write(container, new ApiVersion(1, minor, 0)).MacAddress, Is.EqualTo(address));
    }

    [Test]
    public void An_entrypoint_and_a_command_without_words_differ_from_none()
    {
        var container = Sample.Container(new ContainerSpec { Process = new ProcessSpec { Entrypoint = [], Command = [] } });

        var config = ConfigWriter.Write(container, ApiVersion.DockerAnnounced);

        Assert.That(config.Entrypoint, Is.Empty);
        Assert.That(config.Cmd, Is.Empty);
    }

    [TestCase(43, 0)]
    [TestCase(44, 2_000_000_000)]
    public void Clients_older_than_the_interval_at_the_start_do_not_see_it(int minor, long nanoseconds)
    {
        var container = Samples.Container("c", Samples.Image("image"));
        var check = new HealthCheck(["CMD", "true"], null, null, null, TimeSpan.FromSeconds(2), null);
        container = container with { Spec = container.Spec with { HealthCheck = check } };

        Assert.That(ConfigWriter.Write(container, new ApiVersion(1, minor, 0)).Healthcheck!.StartInterval, Is.EqualTo(nanoseconds));
    }
}
