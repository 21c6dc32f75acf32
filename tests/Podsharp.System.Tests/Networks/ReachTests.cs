using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>Who reaches whom: containers of one network and of two, the host, and a machine beside it.</summary>
public sealed class ReachTests : ServiceTest
{
    private const int OnLoopback = 18101, OnAll = 18102;
    private const string HostAddress = "192.168.77.1";

    private PodsharpService _service = null!;
    private string _neighbour = "";

    [SetUp]
    public async Task ServeAsync()
    {
        _service = await StartWithImageAsync();
        _neighbour = Path.GetFileName(_service.BaseDirectory) + "n";
        await new Command("ip", "netns", "add", _neighbour).OutputAsync();
        await _service.OnHost("ip", "link", "add", "tonext", "type", "veth", "peer", "name", "tohost", "netns", _neighbour).OutputAsync();
        await _service.OnHost("sh", "-c", $"ip address add {HostAddress}/24 dev tonext; ip link set tonext up").OutputAsync();
        await OnNeighbour("sh", "-c", "ip address add 192.168.77.2/24 dev tohost; ip link set tohost up; ip route add default via " + HostAddress).OutputAsync();
        await _service.Docker.OutputAsync("network", "create", "a");
        await _service.Docker.OutputAsync("network", "create", "b");
        await _service.Docker.OutputAsync(
            "run", "-d", "--name", "web", "--network", "a", "-p", $"127.0.0.1:{OnLoopback}:80", "-p", $"{OnAll}:80", Image, "httpd", "-f", "-h", "/www");
        await _service.Docker.OutputAsync("run", "-d", "--name", "beside", "--network", "a", Image, "sleep", "1000");
        await _service.Docker.OutputAsync("run", "-d", "--name", "other", "--network", "b", Image, "sleep", "1000");
        await _service.Docker.OutputAsync("run", "-d", "--name", "default", Image, "sleep", "1000");
    }

    [TearDown]
    public async Task EndAsync()
    {
        await _service.Docker.RunAsync("rm", "-f", "web", "beside", "other", "default");
        await new Command("ip", "netns", "del", _neighbour).RunAsync();
    }

    [Test]
    public async Task Containers_meet_on_a_network_that_they_share_and_on_no_other()
    {
        var address = await _service.Docker.InspectAsync("web", "{{.NetworkSettings.Networks.a.IPAddress}}");

        Assert.That(await ReachesAsync("beside", "web", 80), Is.True);
        Assert.That(await ReachesAsync("other", address, 80), Is.False, "another network");
        Assert.That(await ReachesAsync("default", address, 80), Is.False, "the default network");
    }

    [Test]
    public async Task Networks_stay_apart_when_another_one_goes()
    {
        var address = await _service.Docker.InspectAsync("web", "{{.NetworkSettings.Networks.a.IPAddress}}");
        await _service.Docker.OutputAsync("network", "create", "c");
        await _service.Docker.OutputAsync("run", "--rm", "--network", "c", Image, "true");

        await _service.Docker.OutputAsync("network", "rm", "c");

        Assert.That(await ReachesAsync("other", address, 80), Is.False);
    }

    [Test]
    public async Task Containers_of_all_networks_reach_a_published_port_by_the_hosts_address([Values("web", "beside", "other", "default")] string container) =>
        Assert.That(await ReachesAsync(container, HostAddress, OnAll), Is.True);

    [Test]
    public async Task A_machine_beside_the_host_reaches_what_is_published_on_all_addresses_alone()
    {
        Assert.That(await FetchesAsync(OnNeighbour, HostAddress, OnAll), Is.True);
        Assert.That(await FetchesAsync(OnNeighbour, HostAddress, OnLoopback), Is.False);
        Assert.That(await FetchesAsync(_service.OnHost, "127.0.0.1", OnLoopback), Is.True, "the host itself");
    }

    [Test]
    public async Task A_machine_beside_the_host_does_not_get_to_its_loopback_by_a_route()
    {
        await OnNeighbour("sh", "-c", "ip address del 127.0.0.1/8 dev lo 2>/dev/null; ip link set lo down; ip route add 127.0.0.1/32 via " + HostAddress + " dev tohost").OutputAsync();

        Assert.That(await FetchesAsync(OnNeighbour, "127.0.0.1", OnLoopback), Is.False);
    }

    [Test]
    public async Task A_container_does_not_get_to_what_is_published_on_the_loopback() =>
        Assert.That(await ReachesAsync("beside", HostAddress, OnLoopback), Is.False);

    [Test]
    public async Task An_internal_network_has_no_way_out()
    {
        await _service.Docker.OutputAsync("network", "create", "--internal", "i");
        await _service.Docker.OutputAsync("run", "-d", "--name", "inside", "--network", "i", Image, "sleep", "1000");

        Assert.That(await ReachesAsync("inside", "192.168.77.2", 9), Is.False);
        Assert.That(await _service.Docker.OutputAsync("exec", "inside", "ip", "route"), Does.Not.Contain("default"));
        Assert.That((await _service.Docker.RunAsync("exec", "inside", "nslookup", "example.org")).Output, Does.Contain("NXDOMAIN"), "an answer, for whose lack it would wait");
        await _service.Docker.OutputAsync("rm", "-f", "inside");
        await _service.Docker.OutputAsync("network", "rm", "i");
    }

    private Command OnNeighbour(string program, params IReadOnlyList<string> arguments) => new("ip", ["netns", "exec", _neighbour, program, .. arguments]);

    private static async Task<bool> FetchesAsync(Func<string, IReadOnlyList<string>, Command> on, string host, int port) =>
        (await on("curl", ["-s", "-m", "3", $"http://{host}:{port}/"]).RunAsync()).Output.Trim() == "served";

    private async Task<bool> ReachesAsync(string container, string host, int port) =>
        (await _service.Docker.RunAsync("exec", container, "timeout", "3", "wget", "-q", "-O", "-", $"http://{host}:{port}/")).Output.Trim() == "served";
}
