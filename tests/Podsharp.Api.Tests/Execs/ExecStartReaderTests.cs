using System.Text.Json;
using Podsharp.Api.Docker.Execs;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Execs;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Api.Tests.Execs;

public sealed class ExecStartReaderTests
{
    [Test]
    public void Reads_the_body_of_the_docker_cli() =>
        Assert.That(Read("""{"Detach":false,"Tty":true,"ConsoleSize":[20,70]}"""), Is.EqualTo(new StartExecRequest("s", false, true, new TerminalSize(20, 70))));

    [TestCase("""{"hijack":true,"stdin":true}""")]
    [TestCase("""{"hijack":true,"stdin":false,"Detach":false,"Tty":false,"abortSignal":{}}""")]
    [TestCase("""{"Detach":false,"Tty":false,"OutputCapacity":65536}""")]
    public void Reads_the_bodies_of_dockerode_and_bollard(string body) => Assert.That(Read(body), Is.EqualTo(new StartExecRequest("s", false, false, default)));

    [Test]
    public void Reads_the_body_of_docker_dotnet_which_wants_all_streams_whatever_the_session_has() =>
        Assert.That(() => Read("""{"User":"","AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"Tty":false}""", attached: false), Throws.Nothing);

    [TestCase("""{"User":"7","AttachStdin":true,"AttachStdout":true,"AttachStderr":true,"DetachKeys":"ctrl-a","Cmd":["cat","x"],"Env":["A=B"],"WorkingDir":"/d"}""")]
    [TestCase("""{"User":"","Privileged":false,"Tty":false,"AttachStdin":false,"AttachStderr":false,"AttachStdout":false,"Detach":false,"Env":[],"Cmd":null}""")]
    public void A_start_may_say_again_what_the_session_was_created_with(string body) => Assert.That(() => Read(body), Throws.Nothing);

    [TestCase("""{"User":"root"}""", "User")]
    [TestCase("""{"Privileged":true}""", "Privileged")]
    [TestCase("""{"Cmd":["cat"]}""", "Cmd")]
    [TestCase("""{"Env":["A=C"]}""", "Env")]
    [TestCase("""{"WorkingDir":7}""", "WorkingDir")]
    public void A_start_cannot_say_otherwise(string body, string name) =>
        Assert.That(Refusal(body), Is.EqualTo($"{name} is not what this exec session was created with: say it when the session is created"));

    [Test]
    public void Refuses_what_neither_knows() => Assert.That(Refusal("""{"Foo":1}"""), Is.EqualTo("unknown field Foo: this engine does not know it and will not ignore it"));

    private static string Refusal(string body) => Assert.Throws<EngineException>(() => Read(body))!.Message;

    private static StartExecRequest Read(string body, bool attached = true)
    {
        var created = new CreateExecRequest("c", ["cat", "x"], ["A=B"], "7", "/d", false, false, attached, attached, attached, "ctrl-a", default);
        return ExecStartReader.Read("s", JsonSerializer.Deserialize(body, ExecJson.Default.ExecStartBody)!, created);
    }
}
