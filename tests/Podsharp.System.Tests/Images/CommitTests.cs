using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Images;

public sealed class CommitTests : EngineTest
{
    private string _name = "";

    [SetUp]
    public void ChooseName() => _name = $"podsharp-test-{Guid.NewGuid():N}"[..22];

    [TearDown]
    public async Task RemoveImagesAsync()
    {
        await RemoveContainersAsync();
        await Docker.RunAsync("rmi", "-f", _name);
    }

    [Test]
    public async Task An_image_of_a_container_has_what_it_changed_and_what_was_asked_for()
    {
        var container = await RunIdleAsync("-e", "OWN=1", "-v", "/data");
        await Docker.OutputAsync(
            "exec", container, "sh", "-c", "echo new > /new; rm /etc/notes; rm -r /www; mkdir /www; echo v > /data/v; chown 1000:2000 /new; chmod 4711 /new");

        var id = await Docker.OutputAsync("commit", "-m", "why", "-a", "me", "-c", "ENV B=2", "-c", "CMD [\"sh\", \"-c\", \"cat /new; echo $OWN $B\"]", container, _name);

        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", _name), Is.EqualTo("new\n1 2"));
        Assert.That(
            await Docker.OutputAsync("run", "--rm", "--network", "none", _name, "sh", "-c", "ls /etc/notes /www 2>&1; stat -c '%a %u %g' /new; ls /data"),
            Is.EqualTo("ls: /etc/notes: No such file or directory\n/www:\n4711 1000 2000\nseed"));
        Assert.That(await Docker.OutputAsync("image", "inspect", "-f", "{{.Id}} {{.Author}} {{.Comment}}", _name), Is.EqualTo($"{id} me why"));
        Assert.That((await Docker.LinesAsync("history", "--format", "{{.Comment}}", _name))[0], Is.EqualTo("why"));
        Assert.That(await StatusAsync(container), Is.EqualTo("running"));
    }

    [Test]
    public async Task What_is_no_change_and_what_is_no_container_is_refused()
    {
        var container = await RunIdleAsync();

        var result = await Docker.RunAsync("commit", "-c", "RUN x", container, _name);
        using var reply = await Engine.Http.PostAsync("v1.43/commit?container=nobody-has-this-name", null);

        Assert.That(result.Error, Does.Contain("RUN is not a valid change command"));
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await reply.Content.ReadFromJsonAsync<JsonObject>())!["message"]!.ToString(), Does.Contain("No such container"));
    }

    [Test]
    public async Task A_parent_of_a_commit_stays_until_its_child_goes()
    {
        var container = NewName();
        await (Docker.Command("import", "-", _name + ":base") with { Input = BusyboxImage.WriteLayerAsync }).OutputAsync();
        await Docker.OutputAsync("run", "--name", container, "--network", "none", _name + ":base", "touch", "/x");
        await Docker.OutputAsync("commit", container, _name + ":child");
        await Docker.OutputAsync("rm", container);
        var parent = await Docker.OutputAsync("image", "inspect", "-f", "{{.Id}}", _name + ":base");

        var refused = await Docker.RunAsync("rmi", "-f", parent);
        var removed = await Docker.OutputAsync("rmi", _name + ":base");
        var both = await Docker.OutputAsync("rmi", _name + ":child");

        Assert.That(refused.Error, Does.Contain("dependent child images"));
        Assert.That(removed, Is.EqualTo($"Untagged: {_name}:base"));
        Assert.That(both, Does.Contain($"Deleted: {parent}"));
    }
}
