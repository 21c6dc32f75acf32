namespace Podsharp.System.Tests.Networks;

public sealed class NetworkModeTests : EngineTest
{
    [Test]
    public async Task Bridge_gives_an_address_and_a_route()
    {
        var container = await RunIdleAsync();
        var settings = await Docker.InspectAsync(container, "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.Gateway}} {{.MacAddress}}{{end}}");
        var (address, gateway, mac) = (settings.Split(' ')[0], settings.Split(' ')[1], settings.Split(' ')[2]);

        var inside = await Docker.OutputAsync("exec", container, "sh", "-c", "ip -4 -o addr show eth0; ip route; ip -o link show eth0");

        Assert.That(inside, Does.Contain($"inet {address}/").And.Contain($"default via {gateway}").And.Contain(mac));
    }

    [Test]
    public async Task Containers_on_the_bridge_reach_each_other()
    {
        var server = await RunDetachedAsync(Image, "httpd", "-f", "-p", "80", "-h", "/www");
        var address = await Docker.InspectAsync(server, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

        var page = await Docker.OutputAsync("run", "--rm", Image, "sh", "-c", $"for i in 1 2 3 4 5 6 7 8; do wget -qO- http://{address}/ && break; sleep 0.2; done");

        Assert.That(page, Is.EqualTo("served"));
    }

    [Test]
    public async Task Addresses_differ_while_both_containers_run()
    {
        var (first, second) = (await RunIdleAsync(), await RunIdleAsync());
        const string Address = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";

        Assert.That(await Docker.InspectAsync(first, Address), Is.Not.EqualTo(await Docker.InspectAsync(second, Address)).And.Not.Empty);
    }

    [Test]
    public async Task None_has_a_loopback_only()
    {
        Assert.That(await SayAsync("ip -o link | cut -d: -f2 | grep -v -E 'tunl|gre|sit|ip6|erspan|ip_vti'; ip link show lo | grep -q LOOPBACK,UP && echo alive"), Is.EqualTo(" lo\nalive"));
    }

    [Test]
    public async Task Host_has_the_hosts_links()
    {
        var links = await Engine.OnHost("sh", "-c", "readlink /proc/self/ns/net").OutputAsync();

        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "host", Image, "readlink", "/proc/self/ns/net"), Is.EqualTo(links));
    }

    [Test]
    public async Task Container_mode_shares_network_hostname_and_hosts()
    {
        var owner = await RunDetachedAsync("-h", "owner", Image, "httpd", "-f", "-p", "80", "-h", "/www");

        var output = await Docker.OutputAsync("run", "--rm", "--network", $"container:{owner}", Image, "sh", "-c",
            "for i in 1 2 3 4 5 6 7 8; do wget -qO- http://127.0.0.1/ && break; sleep 0.2; done; hostname; grep -c owner /etc/hosts");

        Assert.That(output, Is.EqualTo("served\nowner\n1"));
    }

    [Test]
    public async Task Container_mode_refuses_a_container_that_does_not_run()
    {
        var owner = NewName();
        await Docker.OutputAsync("create", "--name", owner, Image, "true");

        var result = await Docker.RunAsync("run", "--rm", "--network", $"container:{owner}", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("running"));
    }

    [Test]
    public async Task A_fixed_mac_address_is_used()
    {
        Assert.That(await Docker.OutputAsync("run", "--rm", "--mac-address", "02:42:aa:bb:cc:dd", Image, "cat", "/sys/class/net/eth0/address"), Is.EqualTo("02:42:aa:bb:cc:dd"));
    }

    [Test]
    public async Task A_started_again_container_has_its_network_again()
    {
        var container = await RunIdleAsync();
        await Docker.OutputAsync("restart", container);

        Assert.That(await Docker.OutputAsync("exec", container, "ip", "-4", "-o", "addr", "show", "eth0"), Does.Contain("inet "));
    }

    [Test]
    public async Task The_three_usual_networks_are_listed()
    {
        Assert.That(await Docker.LinesAsync("network", "ls", "--format", "{{.Name}} {{.Driver}}"), Is.SupersetOf(new[] { "bridge bridge", "host host", "none null" }));
    }
}
