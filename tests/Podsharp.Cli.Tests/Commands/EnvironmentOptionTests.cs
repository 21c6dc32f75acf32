using NUnit.Framework;
using Podsharp.Cli.Commands;

namespace Podsharp.Cli.Tests.Commands;

[TestFixture]
public sealed class EnvironmentOptionTests
{
    [Test]
    public void Takes_the_clients_value_for_a_bare_name()
    {
        Assert.That(Read(["HOME", "A=1"]), Is.EqualTo((string[])["HOME=/root", "A=1"]));
    }

    [Test]
    public void Leaves_out_a_bare_name_that_the_client_lacks()
    {
        Assert.That(Read(["NOSUCH"]), Is.Empty);
    }

    [Test]
    public void Puts_options_after_the_lines_of_files_so_that_they_win()
    {
        Assert.That(Read(["A=option"], "# comment", "", "A=file=1", "  HOME"), Is.EqualTo((string[])["A=file=1", "HOME=/root", "A=option"]));
    }

    [Test]
    public void Refuses_a_variable_without_a_name()
    {
        Assert.Throws<CliFailure>(() => Read(["=x"]));
    }

    private static IReadOnlyList<string> Read(string[] options, params string[] lines) =>
        EnvironmentOption.Read(options, lines, name => name == "HOME" ? "/root" : null);
}
