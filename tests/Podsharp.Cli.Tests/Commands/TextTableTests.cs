using NUnit.Framework;
using Podsharp.Cli.Commands;

namespace Podsharp.Cli.Tests.Commands;

[TestFixture]
public sealed class TextTableTests
{
    [Test]
    public void Makes_columns_as_wide_as_their_widest_cell_and_leaves_no_trailing_blanks()
    {
        var table = new TextTable("ID", "NAME");
        table.Add("longer", "x");

        Assert.That(table.ToString(), Is.EqualTo("ID       NAME\nlonger   x\n"));
    }
}
