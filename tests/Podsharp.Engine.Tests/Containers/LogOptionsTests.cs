using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;

namespace Podsharp.Engine.Tests.Containers;

public sealed class LogOptionsTests
{
    [TestCase("max-size", "10m")]
    [TestCase("max-file", "3")]
    [TestCase("compress", "false")]
    [TestCase("mode", "blocking")]
    [TestCase("mode", "non-blocking")]
    [TestCase("labels", "a,b")]
    [TestCase("env", "HOME")]
    [TestCase("labels-regex", "^com\\.")]
    [TestCase("env-regex", "^(A|B)$")]
    [TestCase("tag", "{{.Name}}/{{ .ID }}")]
    public void An_option_that_can_be_honoured_is_taken(string key, string value) =>
        Assert.That(() => LogOptions.Check(Spec((key, value)), "k8s-file"), Throws.Nothing);

    [TestCase("true", true)]
    [TestCase("1", true)]
    [TestCase("False", false)]
    public void Older_files_are_compressed_where_there_may_be_some(string value, bool expected)
    {
        var log = Spec(("compress", value), ("max-file", "2"));

        Assert.That(() => LogOptions.Check(log, "k8s-file"), Throws.Nothing);
        Assert.That(LogOptions.Compress(log), Is.EqualTo(expected));
    }

    [Test]
    public void A_buffer_may_have_a_size_where_the_log_does_not_block() =>
        Assert.That(() => LogOptions.Check(Spec(("mode", "non-blocking"), ("max-buffer-size", "4m")), "journald"), Throws.Nothing);

    [TestCase("max-size", "big", "max-size")]
    [TestCase("max-file", "0", "max-file")]
    [TestCase("max-file", "many", "max-file")]
    [TestCase("compress", "true", "compress cannot be true when max-file is less than 2")]
    [TestCase("compress", "yes", "invalid value for compress")]
    [TestCase("mode", "fast", "logging mode not supported: fast")]
    [TestCase("max-buffer-size", "much", "invalid value for max-buffer-size")]
    [TestCase("max-buffer-size", "4m", "only supported with 'mode=non-blocking'")]
    [TestCase("env-regex", "(", "env-regex")]
    [TestCase("labels-regex", "[", "labels-regex")]
    [TestCase("tag", "{{.DaemonUser}}", "{{.DaemonUser}}")]
    [TestCase("tag", "{{range .Name}}", "{{range .Name}}")]
    [TestCase("syslog-address", "udp://1.2.3.4", "unknown log opt 'syslog-address' for k8s-file log driver")]
    public void An_option_that_cannot_be_honoured_is_refused_by_name(string key, string value, string named) =>
        Assert.That(() => LogOptions.Check(Spec((key, value)), "k8s-file"), Refused(named));

    [Test]
    public void The_journal_has_no_files_to_limit() =>
        Assert.That(() => LogOptions.Check(Spec(("max-size", "1m")), "journald"), Refused("unknown log opt 'max-size' for journald log driver"));

    [TestCase("labels")]
    [TestCase("env")]
    [TestCase("labels-regex")]
    [TestCase("env-regex")]
    public void An_entry_of_the_journal_has_no_fields_of_a_users_choice(string key) =>
        Assert.That(() => LogOptions.Check(Spec((key, "a")), "journald"), Refused($"log opt '{key}' is not supported by the journald log driver"));

    [Test]
    public void An_entry_of_the_journal_may_have_a_tag() => Assert.That(() => LogOptions.Check(Spec(("tag", "{{.Name}}")), "journald"), Throws.Nothing);

    [TestCase(null, 1)]
    [TestCase("5", 5)]
    public void One_file_is_kept_unless_more_were_asked_for(string? asked, int files) =>
        Assert.That(LogOptions.Files(asked is null ? new LogSpec() : Spec(("max-file", asked))), Is.EqualTo(files));

    private static NUnit.Framework.Constraints.IResolveConstraint Refused(string named) =>
        Throws.TypeOf<EngineException>().With.Property(nameof(EngineException.Kind)).EqualTo(ErrorKind.InvalidInput).And.Message.Contains(named);

    private static LogSpec Spec(params (string Key, string Value)[] options) => new("", options.ToDictionary(option => option.Key, option => option.Value));
}
