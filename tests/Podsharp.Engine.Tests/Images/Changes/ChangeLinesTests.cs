using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Engine.Images.Changes;

namespace Podsharp.Engine.Tests.Images.Changes;

public sealed class ChangeLinesTests
{
    [TestCase("""CMD ["sh", "-c", "x y"]""", new[] { "sh", "-c", "x y" })]
    [TestCase("CMD echo $HOME 'a b'", new[] { "/bin/sh", "-c", "echo $HOME 'a b'" })]
    [TestCase("cmd true", new[] { "/bin/sh", "-c", "true" })]
    [TestCase("CMD []", new string[0])]
    [TestCase("CMD [1,2]", new[] { "/bin/sh", "-c", "[1,2]" })]
    [TestCase("SHELL [\"/bin/bash\",\"-c\"]\nCMD true", new[] { "/bin/bash", "-c", "true" })]
    public void A_command_is_json_or_for_the_shell(string text, string[] command) => Assert.That(Apply(text).Command, Is.EqualTo(command));

    [Test]
    public void An_entrypoint_is_read_like_a_command() => Assert.That(Apply("ENTRYPOINT [\"/init\"]").Entrypoint, Is.EqualTo(["/init"]));

    [TestCase("ENTRYPOINT [\"/init\"]", null)]
    [TestCase("ENTRYPOINT [\"/init\"]\nCMD [\"x\"]", new[] { "x" })]
    [TestCase("CMD [\"x\"]\nENTRYPOINT [\"/init\"]", new[] { "x" })]
    [TestCase("USER 5", new[] { "old" })]
    public void Another_entrypoint_drops_the_command_of_the_one_before(string text, string[]? command) =>
        Assert.That(ChangeLines.Apply([text], new ImageProcess { Command = ["old"] }).Command, Is.EqualTo(command));

    [TestCase("ENV A=b C=d", new[] { "A=b", "C=d" })]
    [TestCase("ENV A b  c", new[] { "A=b  c" })]
    [TestCase("ENV A=\"b c\" D='e f' G=h\\ i", new[] { "A=b c", "D=e f", "G=h i" })]
    [TestCase("ENV A=1\nENV A=2 B=3", new[] { "A=2", "B=3" })]
    [TestCase("ENV A=", new[] { "A=" })]
    [TestCase("ENV A=x\nENV B=$A-${A} C=${A:-y}${N:-y} D=${A:+z}${N:+z} E='$A' F=\\$A G=\"$A b\"", new[] { "A=x", "B=x-x", "C=xy", "D=z", "E=$A", "F=$A", "G=x b" })]
    [TestCase("ENV A=\"b\\\"c\\n\"", new[] { "A=b\"c\\n" })]
    [TestCase("ENV A=a$ B=$", new[] { "A=a$", "B=$" })]
    public void Variables_are_pairs_or_one_name_and_the_rest(string text, string[] environment) =>
        Assert.That(Apply(text).Environment, Is.EqualTo(environment));

    [Test]
    public void Labels_may_have_quoted_names()
    {
        var labels = Apply("LABEL a=b \"c d\"=e multi='x y'").Labels;
        Assert.That(labels, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "b", ["c d"] = "e", ["multi"] = "x y" }));
    }

    [Test]
    public void Ports_come_as_a_list_with_ranges() =>
        Assert.That(Apply("EXPOSE 80 90/udp 8000-8001\nEXPOSE 80").ExposedPorts.Select(port => port.ToString()), Is.EqualTo(["80/tcp", "90/udp", "8000/tcp", "8001/tcp"]));

    [TestCase("VOLUME /data /x", new[] { "/data", "/x" })]
    [TestCase("VOLUME [\"/a b\"]", new[] { "/a b" })]
    public void Volumes_are_words_or_json(string text, string[] volumes) => Assert.That(Apply(text).Volumes, Is.EqualTo(volumes));

    [TestCase("WORKDIR /a/b", "/a/b")]
    [TestCase("WORKDIR a", "/a")]
    [TestCase("WORKDIR /a\nWORKDIR b/../c/", "/a/c")]
    [TestCase("WORKDIR /../..", "/")]
    public void A_working_directory_is_below_the_one_before(string text, string directory) =>
        Assert.That(Apply(text).WorkingDirectory, Is.EqualTo(directory));

    [Test]
    public void User_signal_and_triggers_are_noted()
    {
        var process = Apply("USER app:app\nSTOPSIGNAL SIGINT\nONBUILD RUN echo $X\nONBUILD COPY . .");
        Assert.That((process.User, process.StopSignal), Is.EqualTo(("app:app", "SIGINT")));
        Assert.That(process.OnBuild, Is.EqualTo(["RUN echo $X", "COPY . ."]));
    }

    [Test]
    public void A_health_check_has_options_and_a_command()
    {
        var check = Apply("HEALTHCHECK --interval=5s --timeout=1m30s --start-period=1s --start-interval=2s --retries=3 CMD curl -f x").HealthCheck;
        Assert.That(check?.Test, Is.EqualTo(["CMD-SHELL", "curl -f x"]));
        Assert.That((check?.Interval, check?.Timeout, check?.Retries), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(5), (TimeSpan?)TimeSpan.FromSeconds(90), (int?)3)));
        Assert.That((check?.StartPeriod, check?.StartInterval), Is.EqualTo(((TimeSpan?)TimeSpan.FromSeconds(1), (TimeSpan?)TimeSpan.FromSeconds(2))));
    }

    [TestCase("HEALTHCHECK CMD [\"true\",\"x\"]", new[] { "CMD", "true", "x" })]
    [TestCase("HEALTHCHECK none", new[] { "NONE" })]
    public void A_health_check_may_be_json_or_none(string text, string[] test) => Assert.That(Apply(text).HealthCheck?.Test, Is.EqualTo(test));

    [Test]
    public void Comments_and_blank_lines_are_nothing_and_a_backslash_joins_lines() =>
        Assert.That(Apply("# a comment\n\n  ENV A=b \\\n # inside\n\n C=d\r\n").Environment, Is.EqualTo(["A=b", "C=d"]));

    [TestCase("FOO bar", "FOO is not a valid change command")]
    [TestCase("RUN true", "RUN is not a valid change command")]
    [TestCase("ENV A", "ENV must have two arguments")]
    [TestCase("ENV", "ENV requires at least one argument")]
    [TestCase("ENV A=b C", "Must be of the form: name=value")]
    [TestCase("ENV =b", "names can not be blank")]
    [TestCase("ENV A=\"b", "unexpected end")]
    [TestCase("ENV A=${B", "missing '}'")]
    [TestCase("ENV A=${B?x}", "unsupported modifier")]
    [TestCase("EXPOSE x", "invalid port")]
    [TestCase("EXPOSE", "EXPOSE requires at least one argument")]
    [TestCase("WORKDIR", "WORKDIR requires exactly one argument")]
    [TestCase("VOLUME [\"\"]", "VOLUME specified can not be an empty string")]
    [TestCase("SHELL x", "JSON form")]
    [TestCase("STOPSIGNAL BOGUS", "invalid signal: BOGUS")]
    [TestCase("ONBUILD ONBUILD RUN x", "Chaining ONBUILD")]
    [TestCase("ONBUILD FROM x", "FROM isn't allowed")]
    [TestCase("HEALTHCHECK", "at least one argument")]
    [TestCase("HEALTHCHECK CMD", "missing command")]
    [TestCase("HEALTHCHECK foo", "unknown type \"foo\"")]
    [TestCase("HEALTHCHECK --interval=1us CMD x", "at least 1ms")]
    [TestCase("HEALTHCHECK --retries=-1 CMD x", "--retries")]
    [TestCase("HEALTHCHECK --bogus=1 CMD x", "unknown flag --bogus")]
    public void Says_what_is_wrong(string text, string message)
    {
        var failure = Assert.Throws<EngineException>(() => Apply(text));
        Assert.That(failure?.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(failure?.Message, Does.Contain(message));
    }

    private static ImageProcess Apply(string text) => ChangeLines.Apply([text], new ImageProcess());
}
