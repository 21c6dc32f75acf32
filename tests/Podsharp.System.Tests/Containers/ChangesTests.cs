namespace Podsharp.System.Tests.Containers;

public sealed class ChangesTests : EngineTest
{
    [Test]
    public async Task What_was_added_changed_and_deleted_is_told_with_the_directories_above()
    {
        var name = NewName();
        await Docker.OutputAsync(
            "run", "--name", name, "--network", "none", "-v", "/data", Image, "sh", "-c",
            "mkdir -p /a/b; touch /a/b/c; rm /bin/cat; echo x >> /etc/passwd; chmod 700 /tmp; echo v > /data/unseen");

        var changes = await Docker.LinesAsync("diff", name);

        Assert.That(changes, Is.SupersetOf(new[] { "A /a", "A /a/b", "A /a/b/c", "C /bin", "D /bin/cat", "C /etc", "C /etc/passwd", "C /tmp" }));
        Assert.That(changes, Has.None.Contains("/data/unseen").And.None.Contains("/etc/hosts"));
    }

    [Test]
    public async Task A_directory_that_was_made_anew_shows_what_is_gone()
    {
        var name = NewName();
        await Docker.OutputAsync("run", "--name", name, "--network", "none", Image, "sh", "-c", "rm -r /etc; mkdir /etc; touch /etc/own");

        var changes = await Docker.LinesAsync("diff", name);

        Assert.That(changes, Is.SupersetOf(new[] { "C /etc", "D /etc/passwd", "A /etc/own" }));
    }

    [Test]
    public async Task A_container_that_never_ran_has_changed_nothing()
    {
        var name = NewName();
        await Docker.OutputAsync("create", "--name", name, Image, "true");

        Assert.That(await Engine.Http.GetStringAsync($"v1.43/containers/{name}/changes"), Is.EqualTo("[]\n").Or.EqualTo("null\n"));
    }
}
