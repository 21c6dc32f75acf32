namespace Podsharp.System.Tests.Containers;

public sealed class UserTests : EngineTest
{
    [TestCase("app", "1000 1000 1000 2000")]
    [TestCase("1000", "1000 1000 1000 2000")]
    [TestCase("app:extra", "1000 2000 2000")]
    [TestCase("1000:0", "1000 0 0")]
    [TestCase("4711", "4711 0 0")]
    [TestCase("4711:4712", "4711 4712 4712")]
    [TestCase("", "0 0 0")]
    public async Task Names_and_numbers_are_looked_up_in_the_images_files(string user, string expected)
    {
        var output = await SayAsync("echo $(id -u) $(id -g) $(id -G)", "-u", user);

        Assert.That(output, Is.EqualTo(expected));
    }

    [TestCase("nobody-we-know")]
    [TestCase("app:no-such-group")]
    public async Task Unknown_names_are_refused(string user)
    {
        var result = await Docker.RunAsync("run", "--rm", "-u", user, Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(126).Or.EqualTo(125));
        Assert.That(result.Error, Does.Contain(user.Split(':')[^1]));
    }

    [Test]
    public async Task Added_groups_join_the_users_own()
    {
        var output = await SayAsync("id -G", "-u", "app", "--group-add", "4321", "--group-add", "nogroup");

        Assert.That(output.Split(' '), Is.EquivalentTo(new[] { "1000", "2000", "4321", "65534" }));
    }

    [Test]
    public async Task Exec_takes_another_user_and_directory()
    {
        var container = await RunIdleAsync("-u", "app");

        var output = await Docker.OutputAsync("exec", "-u", "nobody", "-w", "/www", container, "sh", "-c", "id -u; pwd");

        Assert.That(output, Is.EqualTo("65534\n/www"));
    }

    [Test]
    public async Task Exec_is_the_containers_user_otherwise()
    {
        var container = await RunIdleAsync("-u", "app");

        Assert.That(await Docker.OutputAsync("exec", container, "id", "-u"), Is.EqualTo("1000"));
    }

    [Test]
    public async Task A_terminal_belongs_to_the_user()
    {
        var output = await Docker.OutputAsync("run", "--rm", "-t", "-u", "app", Image, "sh", "-c", "echo x > $(tty) && stat -c %u $(tty)");

        Assert.That(output.Replace("\r", ""), Is.EqualTo("x\n1000"));
    }
}
