namespace Podsharp.System.Tests.Networks;

public sealed class PublishedPortTests : EngineTest
{
    private const string Serve = "exec httpd -f -p 80 -h /www";

    // Below the kernel's ephemeral range, apart from what other tests and peers use.
    private static int _lastPort = 21000 + Environment.ProcessId % 5000;

    [Test]
    public async Task A_tcp_port_answers_on_loopback()
    {
        var port = NextPorts(1);
        await RunDetachedAsync("-p", $"127.0.0.1:{port}:80", Image, "sh", "-c", Serve);

        Assert.That(await FetchAsync(port), Is.EqualTo("served"));
    }

    [Test]
    public async Task A_tcp_port_of_all_addresses_answers_on_loopback()
    {
        var port = NextPorts(1);
        await RunDetachedAsync("-p", $"{port}:80", Image, "sh", "-c", Serve);

        Assert.That(await FetchAsync(port), Is.EqualTo("served"));
    }

    [Test]
    public async Task A_tcp_port_of_the_address_that_means_all_answers_on_loopback()
    {
        var port = NextPorts(1);
        await RunDetachedAsync("-p", $"0.0.0.0:{port}:80", Image, "sh", "-c", Serve);

        Assert.That(await FetchAsync(port), Is.EqualTo("served"));
    }

    [Test]
    public async Task A_free_port_is_chosen_when_none_is_named()
    {
        var container = await RunDetachedAsync("-p", "127.0.0.1::80", Image, "sh", "-c", Serve);

        var binding = await Docker.OutputAsync("port", container, "80/tcp");

        Assert.That(binding, Does.Match(@"^127\.0\.0\.1:\d+$"));
        Assert.That(await FetchAsync(int.Parse(binding.Split(':')[1])), Is.EqualTo("served"));
    }

    [Test]
    public async Task A_range_maps_port_by_port()
    {
        var first = NextPorts(3);
        var container = await RunDetachedAsync("-p", $"127.0.0.1:{first}-{first + 2}:80-82", Image, "sh", "-c", "httpd -p 81 -h /www; httpd -p 82 -h /www; " + Serve);

        Assert.That(await FetchAsync(first), Is.EqualTo("served"));
        Assert.That(await FetchAsync(first + 2), Is.EqualTo("served"));
        Assert.That(await Docker.LinesAsync("port", container), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task An_sctp_port_is_led_to_its_container_and_no_longer_when_that_is_gone()
    {
        OnlyPodsharp();
        var rules = Engine.OnHost("iptables", "-t", "nat", "-S");
        if ((await rules.RunAsync()).ExitCode != 0) Assert.Ignore("the rules are not iptables' here");
        var port = NextPorts(1);
        var container = await RunIdleAsync("-p", $"{port}:9/sctp");
        var address = await Docker.InspectAsync(container, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}");

        Assert.That(await Docker.LinesAsync("port", container), Does.Contain($"9/sctp -> 0.0.0.0:{port}"));
        Assert.That(await rules.OutputAsync(), Does.Match($@"-p sctp .*--dport {port} .*--to-destination {address}:9"));
        await Docker.OutputAsync("rm", "-f", container);
        Assert.That(await rules.OutputAsync(), Does.Not.Contain($"--dport {port} "));
    }

    [Test]
    public async Task An_udp_port_answers_on_loopback()
    {
        var port = NextPorts(1);
        var container = await RunDetachedAsync("-p", $"127.0.0.1:{port}:53/udp", Image, "sleep", "1000");
        await using var server = DatagramEcho.Serve(await Docker.InspectAsync(container, "{{.State.Pid}}"), 53);

        Assert.That(await DatagramEcho.AskAsync(Engine, "127.0.0.1", port, "ping"), Is.EqualTo("echo of ping"));
    }

    [Test]
    public async Task Exposed_ports_are_published_with_P()
    {
        var container = await RunDetachedAsync("-P", "--expose", "80", Image, "sh", "-c", Serve);

        var binding = (await Docker.LinesAsync("port", container, "80/tcp"))[0];

        Assert.That(await FetchAsync(int.Parse(binding.Split(':')[^1])), Is.EqualTo("served"));
    }

    [Test]
    public async Task A_port_in_use_is_refused_and_named()
    {
        var port = NextPorts(1);
        await RunDetachedAsync("-p", $"127.0.0.1:{port}:80", Image, "sh", "-c", Serve);
        var second = NewName();

        var result = await Docker.RunAsync("run", "--name", second, "-p", $"127.0.0.1:{port}:80", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain(port.ToString()));
    }

    [Test]
    public async Task A_port_is_free_again_after_its_container()
    {
        var port = NextPorts(1);
        var first = await RunDetachedAsync("-p", $"127.0.0.1:{port}:80", Image, "sh", "-c", Serve);
        await Docker.OutputAsync("rm", "-f", first);

        await RunDetachedAsync("-p", $"127.0.0.1:{port}:80", Image, "sh", "-c", Serve);

        Assert.That(await FetchAsync(port), Is.EqualTo("served"));
    }

    [Test]
    public async Task A_restarted_container_answers_again()
    {
        var port = NextPorts(1);
        var container = await RunDetachedAsync("-p", $"127.0.0.1:{port}:80", Image, "sh", "-c", Serve);
        await Docker.OutputAsync("restart", "-t", "0", container);

        Assert.That(await FetchAsync(port), Is.EqualTo("served"));
    }

    private static int NextPorts(int count) => Interlocked.Add(ref _lastPort, count) - count + 1;

    private static async Task<string> FetchAsync(int port)
    {
        var page = await Eventually.SettleAsync(
            () => Engine.OnHost("curl", "-s", "-m", "2", $"http://127.0.0.1:{port}/").RunAsync(),
            result => result.ExitCode == 0);
        return page.Both.TrimEnd();
    }
}
