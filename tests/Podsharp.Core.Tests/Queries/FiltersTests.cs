using Podsharp.Core.Errors;
using Podsharp.Core.Queries;

namespace Podsharp.Core.Tests.Queries;

public sealed class FiltersTests
{
    private static readonly Dictionary<string, string> Labels = new() { ["a"] = "1", ["b"] = "" };

    [Test]
    public void An_unknown_key_is_refused_by_name() =>
        Assert.That(
            Assert.Throws<EngineException>(() => Of("colour", "red").Knowing("label", "name"))?.Message, Is.EqualTo("invalid filter 'colour'"));

    [TestCase("a", true)]
    [TestCase("a=1", true)]
    [TestCase("a=2", false)]
    [TestCase("b=", true)]
    [TestCase("c", false)]
    public void A_label_must_be_there_with_its_value(string text, bool matches) =>
        Assert.That(Of("label", text).MatchesLabels(Labels), Is.EqualTo(matches));

    [Test]
    public void All_labels_must_hold() => Assert.That(Of("label", "a", "c").MatchesLabels(Labels), Is.False);

    [TestCase("a", false)]
    [TestCase("a=2", true)]
    [TestCase("c", true)]
    public void A_negated_label_must_not_hold(string text, bool matches) =>
        Assert.That(Of("label!", text).MatchesLabels(Labels), Is.EqualTo(matches));

    [TestCase("true", true)]
    [TestCase("1", true)]
    [TestCase("false", false)]
    [TestCase("0", false)]
    public void Reads_a_flag(string text, bool value) => Assert.That(Of("dangling", text).Flag("dangling"), Is.EqualTo(value));

    [Test]
    public void A_key_of_one_value_is_refused_with_two() =>
        Assert.That(Assert.Throws<EngineException>(() => Of("until", "1h", "2h").Single("until"))?.Message, Is.EqualTo("more than one until filter specified"));

    [Test]
    public void A_key_of_one_value_is_null_where_it_was_not_given() => Assert.That((Of("until", "1h").Single("until"), Filters.None.Single("until")), Is.EqualTo(("1h", (string?)null)));

    [Test]
    public void A_flag_that_was_not_given_is_null() => Assert.That(Filters.None.Flag("dangling"), Is.Null);

    [Test]
    public void A_broken_flag_is_refused_with_its_value() =>
        Assert.That(Assert.Throws<EngineException>(() => Of("dangling", "x").Flag("dangling"))?.Message, Does.StartWith("invalid filter 'dangling=[x]'"));

    [Test]
    public void One_value_that_passes_is_enough()
    {
        Assert.That(Of("name", "x", "y").AnyOf("name", name => name == "y"));
        Assert.That(Of("name", "x").AnyOf("name", name => name == "y"), Is.False);
        Assert.That(Filters.None.AnyOf("name", _ => false));
    }

    private static Filters Of(string key, params string[] values) => new(new Dictionary<string, IReadOnlyList<string>> { [key] = values });
}
