using Podsharp.Core.Errors;
using Podsharp.Drivers.OciRuntime;

namespace Podsharp.Drivers.Tests.OciRuntime;

[TestFixture]
public sealed class RuntimeFailureTests
{
    [TestCase("executable file `nosuch` not found in $PATH: No such file or directory", RuntimeFailure.NotFound, 127)]
    [TestCase("runc create failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH", RuntimeFailure.NotFound, 127)]
    [TestCase("open executable: Permission denied", RuntimeFailure.Denied, 126)]
    [TestCase("open executable: Operation not permitted", RuntimeFailure.Denied, 126)]
    [TestCase("exec: Exec format error", RuntimeFailure.Denied, 126)]
    public void A_command_that_cannot_be_run_is_told_in_words_that_clients_know(string text, string words, int code)
    {
        var failure = RuntimeFailure.Of(text, "nosuch");

        Assert.That(failure.Message, Does.StartWith(text).And.Contain(words));
        Assert.That(failure.Cause, Is.EqualTo(words));
        Assert.That(RuntimeFailure.ExitCode(text, 1), Is.EqualTo(code));
    }

    [Test]
    public void A_missing_mount_source_is_no_missing_command()
    {
        var failure = RuntimeFailure.Of("cannot stat `/nowhere`: No such file or directory", "true");

        Assert.That(failure.Kind, Is.EqualTo(ErrorKind.Internal));
    }

    [TestCase("write file `/proc/thread-self/attr/exec`: No such file or directory")]
    [TestCase("unable to apply apparmor profile: write /proc/self/attr/apparmor/exec: no such file or directory")]
    public void A_profile_that_is_not_loaded_is_no_missing_command(string text)
    {
        var failure = RuntimeFailure.Of(text, "true");

        Assert.That(failure.Kind, Is.EqualTo(ErrorKind.Internal));
        Assert.That(failure.Message, Is.EqualTo(text));
    }

    [TestCase("executable file `nosuch` not found in $PATH: No such file or directory", "exec: \"nosuch\": executable file not found in $PATH")]
    [TestCase("exec failed: unable to start container process: exec: \"nosuch\": executable file not found in $PATH", "exec: \"nosuch\": executable file not found in $PATH")]
    [TestCase("open executable: Permission denied", "exec: \"nosuch\": permission denied")]
    [TestCase("chdir `/nope`: No such file or directory", "chdir `/nope`: No such file or directory")]
    public void A_failed_exec_is_told_in_the_frame_of_words_that_clients_know_and_is_the_request_s_fault(string text, string why)
    {
        var failure = RuntimeFailure.OfExec(text, "nosuch");

        Assert.That(failure.Message, Is.EqualTo($"OCI runtime exec failed: exec failed: unable to start container process: {why}: unknown"));
        Assert.That(failure.Kind, Is.EqualTo(ErrorKind.InvalidInput));
    }

    [Test]
    public void The_last_message_of_a_json_log_is_the_reason()
    {
        var log = "{\"msg\":\"first\",\"level\":\"warning\"}\n{\"level\":\"error\",\"msg\":\"the \\\"reason\\\"\",\"time\":\"\"}\n"u8;

        Assert.That(RuntimeFailure.LastMessage(log), Is.EqualTo("the \"reason\""));
    }
}
