namespace Podsharp.System.Tests.Life;

public sealed class IdleExitTests : ServiceTest
{
    [Test]
    public async Task An_idle_service_ends_by_itself_with_0()
    {
        var service = await StartAsync(new ServiceSetup { IdleTimeout = 1 });

        // The test's own keep-alive connection counts as long as it is open.
        service.Http.Dispose();

        Assert.That(await service.EndedAsync(), Is.Zero, service.Log);
    }

    [Test]
    public async Task A_follower_keeps_the_service_up()
    {
        var service = await StartWithImageAsync(new ServiceSetup { IdleTimeout = 1 });
        await service.Docker.OutputAsync("run", "-d", "--name", "quiet", Image, "sh", "-c", "echo first; sleep 4; echo late");
        await using var follow = service.Docker.Start("logs", "-f", "quiet");
        await follow.ExpectOutputAsync("first");

        service.Http.Dispose();

        Assert.That((await follow.WaitAsync()).Output, Is.EqualTo("first\nlate\n"));
    }

    [Test]
    public async Task An_attached_client_keeps_the_service_up()
    {
        var service = await StartWithImageAsync(new ServiceSetup { IdleTimeout = 1 });
        await using var run = service.Docker.Start("run", "--rm", Image, "sh", "-c", "echo first; sleep 3; echo late");
        await run.ExpectOutputAsync("first");

        service.Http.Dispose();

        Assert.That((await run.WaitAsync()).Output, Is.EqualTo("first\nlate\n"));
    }

    [Test]
    public async Task Containers_go_on_after_an_idle_exit()
    {
        var service = await StartWithImageAsync(new ServiceSetup { IdleTimeout = 1 });
        await service.Docker.OutputAsync("run", "-d", "--name", "lasting", Image, "sleep", "1000");
        var pid = int.Parse(await service.Docker.InspectAsync("lasting", "{{.State.Pid}}"));
        service.Http.Dispose();

        Assert.That(await service.EndedAsync(), Is.Zero, service.Log);
        Assert.That(KernelTraces.IsAlive(pid));
        service.Launch();
        var status = await Eventually.SettleAsync(() => service.Docker.RunAsync("container", "inspect", "-f", "{{.State.Status}}", "lasting"), result => result.ExitCode == 0);
        Assert.That(status.Output, Is.EqualTo("running\n"));
    }

    [Test]
    public async Task Socket_activation_starts_the_service_at_the_first_request()
    {
        var service = await PrepareAsync(new ServiceSetup { SocketActivated = true, IdleTimeout = 1 });
        service.Launch();
        // The socket's file is there a moment before anybody listens.
        await Eventually.SettleAsync(() => service.Log, log => log.Contains("Listening on"));
        // Its connection is kept open, so that the service does not end between two commands of a slow machine.
        Assert.That(await service.Http.GetStringAsync("_ping"), Is.EqualTo("OK"));
        await service.LoadImageAsync();

        Assert.That(await service.Docker.OutputAsync("run", "--rm", Image, "echo", "activated"), Is.EqualTo("activated"));
        service.Http.Dispose();
        Assert.That(await service.EndedAsync(), Is.Zero, service.Log);
        Assert.That(File.Exists(service.Socket), "the socket belongs to systemd");
    }

    [Test]
    public async Task A_client_that_comes_while_it_shuts_down_is_answered()
    {
        var service = await PrepareAsync(new ServiceSetup { IdleTimeout = 1 });
        await using var unit = new SocketUnit(service);
        for (var round = 0; round < 12; round++)
        {
            using var client = EngineUnderTest.ConnectTo(service.Socket);

            Assert.That(await client.GetStringAsync("_ping"), Is.EqualTo("OK"), $"round {round}");

            client.Dispose();
            // All over the time of the shutdown, which comes up to a quarter of the timeout late.
            await Task.Delay(1000 + (round * 30));
        }

        Assert.That(unit.Starts, Is.GreaterThan(1), "it never shut down");
        Assert.That(unit.ExitCodes, Is.All.Zero, service.Log);
    }
}
