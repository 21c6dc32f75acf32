using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class CapturedBodyTests
{
    [TestCase("docker-cli-run-rm")]
    [TestCase("docker-cli-host-privileged")]
    [TestCase("docker-cli-joined-network")]
    [TestCase("docker-cli-ports")]
    [TestCase("docker-py-run")]
    [TestCase("docker-py-everything")]
    [TestCase("docker-dotnet")]
    [TestCase("docker-dotnet-small")]
    [TestCase("docker-dotnet-enhanced")]
    [TestCase("docker-dotnet-enhanced-small")]
    [TestCase("compose-service-with-limits")]
    [TestCase("compose-service-with-networks")]
    public void Takes_the_body_of_a_real_client_without_a_warning(string name)
    {
        var reading = CreateBodies.Read(CreateBodies.Captured(name));

        Assert.That(reading.Spec.ImageName, Is.EqualTo("capibb:1"));
        Assert.That(reading.Warnings, Is.Empty);
    }

    [Test]
    public void Docker_run_rm_asks_for_nothing_but_command_and_removal()
    {
        var spec = CreateBodies.Spec(CreateBodies.Captured("docker-cli-run-rm"));

        Assert.That(spec.Process.Command, Is.EqualTo(new[] { "echo", "hi" }));
        Assert.That(spec.Process.Entrypoint, Is.Null);
        Assert.That(spec.AutoRemove, Is.True);
        Assert.That(spec.Process.AttachStdout, Is.True);
        Assert.That(spec.Resources.MemorySwappiness, Is.Null);
        Assert.That(spec.Resources.PidsLimit, Is.Null);
        Assert.That(spec.ShmSize, Is.Null);
        Assert.That(spec.Network.Mode.Kind, Is.EqualTo(NamespaceKind.Default));
        Assert.That(spec.Network.Endpoints.Keys, Is.EqualTo(new[] { "bridge" }));
    }

    // The CLI was told --uts host together with -h: dockerd gave the same answer.
    [Test]
    public void Docker_run_with_a_hostname_in_the_hosts_uts_namespace_is_refused()
    {
        var refusal = CreateBodies.Refusal(CreateBodies.Captured("docker-cli-everything"));

        Assert.That(refusal.Message, Is.EqualTo("conflicting options: hostname and the UTS mode"));
    }

    [Test]
    public void Docker_run_with_every_option_is_mapped()
    {
        var body = CreateBodies.Captured("docker-cli-everything").Replace("\"UTSMode\":\"host\"", "\"UTSMode\":\"\"", StringComparison.Ordinal);

        var spec = CreateBodies.Spec(body);

        Assert.Multiple(() =>
        {
            Assert.That(spec.Hostname, Is.EqualTo("hosty"));
            Assert.That(spec.Process.Environment, Is.EqualTo(new[] { "A=B", "C", "D=" }));
            Assert.That(spec.Process.Entrypoint, Is.EqualTo(new[] { "/bin/sh" }));
            Assert.That(spec.StopSignal, Is.EqualTo("SIGINT"));
            Assert.That(spec.StopTimeout, Is.EqualTo(7));
            Assert.That(spec.HealthCheck!.Interval, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(spec.RestartPolicy, Is.EqualTo(new RestartPolicy(RestartKind.OnFailure, 3, "on-failure")));
            Assert.That(spec.Network.Endpoints["bridge"].IPv4Address, Is.EqualTo("172.17.0.99"));
            Assert.That(spec.Network.Endpoints["bridge"].MacAddress, Is.EqualTo("02:42:ac:11:00:99"));
            Assert.That(spec.Network.PortBindings, Has.Count.EqualTo(7));
            Assert.That(spec.Network.ExposedPorts, Has.Count.EqualTo(10));
            Assert.That(spec.Mounts.Requested.Select(mount => mount.Target), Is.EqualTo(new[] { "/data", "/v", "/m1", "/m2", "/m3", "/t" }));
            Assert.That(spec.Mounts.AnonymousVolumes, Is.EqualTo(new[] { "/anon" }));
            Assert.That(spec.Mounts.Devices, Is.EqualTo(new[] { new DeviceMapping("/dev/null", "/dev/xnull", "rw") }));
            Assert.That(spec.Resources.Memory, Is.EqualTo(100 << 20));
            Assert.That(spec.Resources.UserLimits, Is.EqualTo(new[] { new UserLimit("nofile", 100, 200), new UserLimit("nproc", 50, 50) }));
            Assert.That(spec.Security.AddCapabilities, Is.EqualTo(new[] { "CAP_NET_ADMIN" }));
            Assert.That(spec.PidMode.Kind, Is.EqualTo(NamespaceKind.Host));
            Assert.That(spec.Annotations, Is.EqualTo(new Dictionary<string, string> { ["q"] = "r" }));
        });
    }

    [Test]
    public void Docker_run_with_gpus_asks_for_devices_by_what_they_can_do()
    {
        var request = CreateBodies.Spec(CreateBodies.Captured("docker-cli-gpus")).Mounts.DeviceRequests.Single();

        Assert.That(request.Count, Is.EqualTo(-1));
        Assert.That(request.Capabilities.Single(), Does.Contain("gpu"));
    }

    [Test]
    public void Compose_joins_its_networks_in_order_with_their_aliases()
    {
        var network = CreateBodies.Spec(CreateBodies.Captured("compose-service-with-networks")).Network;

        Assert.That(network.Mode.Kind, Is.EqualTo(NamespaceKind.Bridge));
        Assert.That(network.Endpoints.Keys, Is.EqualTo(new[] { "capic_n1", "capic_n2" }));
        Assert.That(network.Endpoints["capic_n1"].Aliases, Is.EqualTo(new[] { "capic-a-1", "a", "q" }));
    }
}
