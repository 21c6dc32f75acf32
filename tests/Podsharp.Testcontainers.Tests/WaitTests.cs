using Docker.DotNet.Models;

namespace Podsharp.Testcontainers.Tests;

/// <summary>How Testcontainers finds that a container is ready.</summary>
public sealed class WaitTests : TestcontainersTest
{
    [Test]
    public async Task Waits_for_a_line_of_the_log()
    {
        var container = await StartAsync(Container("sh", "-c", "sleep 0.3; touch /ready; echo listening; sleep 1000")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("listening")));

        Assert.That((await ShellAsync(container, "test -e /ready")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Waits_for_a_port_inside()
    {
        var container = await StartAsync(Container(WebServer).WithWaitStrategy(Wait.ForUnixContainer().UntilInternalTcpPortIsAvailable(80)));

        Assert.That((await ShellAsync(container, "wget -q -O - http://127.0.0.1/")).Stdout, Is.EqualTo("served\n"));
    }

    [Test]
    public async Task Waits_for_a_published_port()
    {
        var container = await StartAsync(Container(WebServer)
            .WithPortBinding(80, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilExternalTcpPortIsAvailable(80)));

        Assert.That(await PageAsync(container), Is.EqualTo("served\n"));
    }

    [Test]
    public async Task Waits_for_an_answer_by_http()
    {
        var container = await StartAsync(Container("sh", "-c", "mkdir /site; httpd -p 80 -h /site; sleep 0.3; echo late >/site/index.html; sleep 1000")
            .WithPortBinding(80, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request.ForPort(80).ForPath("/index.html"))));

        Assert.That(await PageAsync(container), Is.EqualTo("late\n"));
    }

    [Test]
    public async Task Waits_for_health()
    {
        var container = await StartAsync(Container("sh", "-c", "sleep 0.3; touch /ready; sleep 1000")
            .WithCreateParameterModifier(parameters => parameters.Healthcheck = new HealthcheckConfig
            {
                Test = ["CMD-SHELL", "test -e /ready"],
                Interval = TimeSpan.FromMilliseconds(100),
                Timeout = TimeSpan.FromSeconds(10),
                Retries = 100,
            })
            .WithWaitStrategy(Wait.ForUnixContainer().UntilContainerIsHealthy()));

        Assert.That(container.Health, Is.EqualTo(TestcontainersHealthStatus.Healthy));
    }

    [Test]
    public async Task Waits_for_a_command_and_a_file()
    {
        var container = await StartAsync(Container("sh", "-c", "sleep 0.2; touch /ready; sleep 1000")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilCommandIsCompleted("test", "-e", "/ready").UntilFileExists("/ready", FileSystem.Container)));

        Assert.That(container.State, Is.EqualTo(TestcontainersStates.Running));
    }

    [Test]
    public void Is_told_of_a_container_that_ended_before_it_was_ready()
    {
        var builder = Container("sh", "-c", "echo broken >&2; exit 3")
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("never", wait => wait.WithTimeout(TimeSpan.FromSeconds(60))));

        Assert.That(() => StartAsync(builder), Throws.InstanceOf<ContainerNotRunningException>().With.Message.Contains("broken"));
    }

    private static async Task<string> PageAsync(IContainer container)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new UriBuilder("http", container.Hostname, container.GetMappedPublicPort(80)).Uri);
    }
}
