using System.Net;
using Podsharp.System.Tests.Images;
using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>Networks of an ordinary user's service, beyond the default one.</summary>
public sealed class UserNetworkTests : ServiceTest
{
    private const string Serve = "echo served > /www/name; exec httpd -f -h /www";

    private PodsharpService _service = null!;

    private DockerCommandLine Docker => _service.Docker;

    [SetUp]
    public async Task StartServiceAsync()
    {
        _service = await StartWithImageAsync(new ServiceSetup { Rootless = true });
        await Docker.OutputAsync("network", "create", "front");
    }

    [Test]
    public async Task Containers_reach_each_other_by_name_and_the_host_and_leave_nothing()
    {
        var port = RegistryFront.FreePort();
        await using var onHost = new Command("busybox", "httpd", "-f", "-p", $"{port}", "-h", Path.GetTempPath()).Start();
        await RunAsync("web", "front");

        Assert.That(await SayAsync("web", "nslookup web | grep -c ^Name:"), Is.EqualTo("1"));
        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "front", Image, "wget", "-qO-", "http://web/name"), Is.EqualTo("served"));
        Assert.That(await SayAsync("web", $"wget -qO- http://host.docker.internal:{port}/nothing 2>&1 || true"), Does.Contain("404"), "the host answers");
        await RemoveAllAsync();
        await AssertNothingIsLeftAsync(_service);
    }

    [Test]
    public async Task Published_ports_answer_by_both_families_and_both_protocols()
    {
        await RunAsync("web", "front", "-p", "80", "-p", "127.0.0.1::53/udp");
        var ports = await Docker.LinesAsync("port", "web", "80");
        var datagrams = IPEndPoint.Parse(await Docker.OutputAsync("port", "web", "53/udp"));

        Assert.That(ports.Select(port => port[..port.LastIndexOf(':')]), Is.EquivalentTo((string[])["0.0.0.0", "[::]"]));
        foreach (var port in ports) Assert.That(await FetchAsync(port.Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "[::1]")), Is.EqualTo("served"));
        await using var server = DatagramEcho.Serve(await Docker.InspectAsync("web", "{{.State.Pid}}"), 53);
        Assert.That(await DatagramEcho.AskAsync(_service, "127.0.0.1", datagrams.Port, "ping"), Is.EqualTo("echo of ping"));
    }

    [Test]
    public async Task A_running_container_keeps_its_ports_while_it_changes_networks()
    {
        await RunAsync("web", "front", "-p", "127.0.0.1::80");
        var address = await Docker.OutputAsync("port", "web", "80");

        foreach (var (to, from) in ((string, string)[])[("bridge", "front"), ("front", "bridge")])
        {
            await Docker.OutputAsync("network", "connect", to, "web");
            await Docker.OutputAsync("network", "disconnect", from, "web");
            Assert.That(await FetchAsync(address), Is.EqualTo("served"), $"on {to}");
        }

        await Docker.OutputAsync("network", "disconnect", "front", "web");
        Assert.That((await new Command("curl", "-s", $"http://{address}/name").RunAsync()).ExitCode, Is.Not.Zero, "off its last network it has no ports");
    }

    [Test]
    public async Task Names_and_ports_outlive_the_service_and_the_next_one_takes_them_away()
    {
        await RunAsync("web", "front", "-p", "127.0.0.1::80");
        var address = await Docker.OutputAsync("port", "web", "80");

        await _service.KillAsync();
        Assert.That(await FetchAsync(address), Is.EqualTo("served"), "without a service");
        await _service.StartAgainAsync();

        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "front", Image, "wget", "-qO-", "http://web/name"), Is.EqualTo("served"));
        await AskUntilItClosesAsync(IPEndPoint.Parse(address));
        await Docker.OutputAsync("rm", "-f", "web");
        Assert.That((await new Command("curl", "-s", $"http://{address}/name").RunAsync()).ExitCode, Is.Not.Zero, "nobody listens on the port any more");
        await RunAsync("web", "front", "-p", $"{address}:80");
        Assert.That(await FetchAsync(address), Is.EqualTo("served"), "the port is free for the next container");
        await RemoveAllAsync();
        await AssertNothingIsLeftAsync(_service);
    }

    [Test]
    public async Task A_network_that_needs_an_interface_of_the_host_is_refused()
    {
        var result = await Docker.RunAsync("network", "create", "-d", "macvlan", "-o", "parent=eth0", "far");

        Assert.That(result.ExitCode, Is.Not.Zero);
        Assert.That(result.Error, Does.Contain("macvlan").And.Contain("ordinary user"));
    }

    private Task<string> RunAsync(string name, string network, params string[] options) =>
        Docker.OutputAsync(["run", "-d", "--name", name, "--network", network, .. options, Image, "sh", "-c", Serve]);

    // The end that closes first remembers the connection for a minute.
    private static Task<string> AskUntilItClosesAsync(IPEndPoint server) => new Command(
        "bash", "-c", "exec 3<>/dev/tcp/$1/$2; printf 'GET /name HTTP/1.0\r\n\r\n' >&3; cat <&3", "bash", $"{server.Address}", $"{server.Port}").OutputAsync();

    private Task<string> SayAsync(string container, string script) => Docker.OutputAsync("exec", container, "sh", "-c", script);

    private async Task RemoveAllAsync()
    {
        await Docker.OutputAsync("rm", "-f", "web");
        await Docker.OutputAsync("network", "rm", "front");
    }

    private static async Task<string> FetchAsync(string address)
    {
        var answer = await Eventually.SettleAsync(() => new Command("curl", "-sS", "-m", "5", $"http://{address}/name").RunAsync(), result => result.ExitCode == 0);
        return answer.Output.Trim();
    }
}
