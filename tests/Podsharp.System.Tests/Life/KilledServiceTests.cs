using System.Text;

namespace Podsharp.System.Tests.Life;

/// <summary>SIGKILL at points all over a lifecycle; afterwards the store is whole and every verb works.</summary>
public sealed class KilledServiceTests : ServiceTest
{
    private const int Port = 20123;

    private const string Body = """
        {"Image":"podsharp-test-busybox:latest","Cmd":["sh","-c","echo said; sleep 0.1; exit 5"],"ExposedPorts":{"80/tcp":{}},
         "HostConfig":{"Binds":["killed-volume:/data"],"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"20123"}]}}}
        """;

    [TestCase("create", 0)]
    [TestCase("create", 4)]
    [TestCase("start", 0)]
    [TestCase("start", 15)]
    [TestCase("start", 35)]
    [TestCase("start", 70)]
    [TestCase("start", 110)]
    [TestCase("exit", 95)]
    [TestCase("exit", 110)]
    [TestCase("exit", 130)]
    [TestCase("remove", 0)]
    [TestCase("remove", 5)]
    [TestCase("remove", 30)]
    public async Task Every_verb_works_after_a_kill_during(string step, int milliseconds)
    {
        var service = await StartWithImageAsync();
        await KillDuringAsync(service, step, milliseconds);

        await service.StartAgainAsync();

        await AssertVictimIsWholeAsync(service);
        await AssertEveryVerbWorksAsync(service);
        await AssertNothingIsLeftAsync(service);
    }

    [Test]
    public async Task A_volume_has_all_of_the_images_content_after_a_kill_while_it_was_copied()
    {
        const string count = "cat /data/many/* | wc -l";
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "--name", "filled", Image, "sh", "-c", "mkdir /data/many; for i in $(seq 10000); do echo $i >/data/many/$i; done");
        await service.Docker.OutputAsync("commit", "filled", "filled");
        await service.Docker.OutputAsync("rm", "filled");
        await service.Docker.OutputAsync("create", "--name", "victim", "-v", "content:/data", "filled", "sh", "-c", count);
        var volume = await service.Docker.OutputAsync("volume", "inspect", "-f", "{{.Mountpoint}}", "content");
        var start = RequestAsync(service, "start");

        await Eventually.SettleAsync(
            () => Directory.GetFileSystemEntries(Path.GetDirectoryName(volume)!, "*", SearchOption.AllDirectories), static found => found.Length > 9);
        await service.KillAsync();
        await start.ContinueWith(static _ => { }, TaskScheduler.Default);
        await service.StartAgainAsync();

        Assert.That((await service.Docker.RunAsync("start", "-a", "victim")).Output, Is.EqualTo("10000\n"));
        await service.Docker.OutputAsync("rm", "victim");
        await AssertNothingIsLeftAsync(service);
    }

    private static async Task KillDuringAsync(PodsharpService service, string step, int milliseconds)
    {
        foreach (var earlier in ((string[])["create", "start", "exit", "remove"]).TakeWhile(earlier => earlier != step))
            if (earlier != "exit" || step == "remove") (await RequestAsync(service, earlier)).EnsureSuccessStatusCode();
        var request = RequestAsync(service, step);
        await Task.Delay(milliseconds);
        await service.KillAsync();
        try
        {
            (await request).Dispose();
        }
        catch (HttpRequestException)
        {
            // Its answer may or may not have made it.
        }
        catch (IOException)
        {
        }
    }

    private static Task<HttpResponseMessage> RequestAsync(PodsharpService service, string step) => step switch
    {
        "create" => service.Http.PostAsync("v1.43/containers/create?name=victim", new StringContent(Body, Encoding.UTF8, "application/json")),
        "start" => service.Http.PostAsync("v1.43/containers/victim/start", null),
        "exit" => service.Http.PostAsync("v1.43/containers/victim/wait", null),
        _ => service.Http.DeleteAsync("v1.43/containers/victim?force=1&v=1"),
    };

    private static async Task AssertVictimIsWholeAsync(PodsharpService service)
    {
        if ((await service.Docker.LinesAsync("ps", "-aq")).Length == 0) return;
        var status = await service.Docker.InspectAsync("victim", "{{.State.Status}}");
        if (status == "running") Assert.That(await service.Docker.OutputAsync("wait", "victim"), Is.EqualTo("5"));
        else if (status == "exited") Assert.That(await service.Docker.InspectAsync("victim", "{{.State.ExitCode}}"), Is.EqualTo("5").Or.EqualTo("137").Or.EqualTo("128"));
        else Assert.That(status, Is.EqualTo("created"));

        Assert.That((await service.Docker.RunAsync("start", "-a", "victim")).Output, Is.EqualTo("said\n"));
        Assert.That(await service.Docker.OutputAsync("logs", "--tail", "1", "victim"), Is.EqualTo("said"));
        await service.Docker.OutputAsync("rm", "-f", "-v", "victim");
    }

    private static async Task AssertEveryVerbWorksAsync(PodsharpService service)
    {
        var docker = service.Docker;
        await docker.OutputAsync("create", "-i", "--name", "probe", "-p", $"127.0.0.1:{Port}:80", "-v", "killed-volume:/data", Image, "sh", "-c", "echo up; exec cat");
        await docker.OutputAsync("start", "probe");
        Assert.That(await docker.OutputAsync("exec", "probe", "cat", "/data/seed"), Is.EqualTo("from the image"));
        await docker.OutputAsync("pause", "probe");
        await docker.OutputAsync("unpause", "probe");
        Assert.That(await docker.LinesAsync("top", "probe"), Has.Length.EqualTo(2));
        await docker.OutputAsync("restart", "-t", "0", "probe");
        await docker.OutputAsync("rename", "probe", "renamed");
        await docker.OutputAsync("kill", "renamed");
        Assert.That(await docker.OutputAsync("wait", "renamed"), Is.EqualTo("137"));
        Assert.That(await docker.LinesAsync("logs", "renamed"), Is.EqualTo(new[] { "up", "up" }));
        await docker.OutputAsync("rm", "renamed");
        await docker.OutputAsync("volume", "rm", "killed-volume");
        Assert.That(await docker.OutputAsync("run", "--rm", Image, "echo", "fine"), Is.EqualTo("fine"));
        Assert.That(await docker.LinesAsync("ps", "-aq"), Is.Empty);
    }
}
