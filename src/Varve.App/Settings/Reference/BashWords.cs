namespace Varve.App.Settings.Reference;

/// <summary>The part of bash's completion that reads the line. Bash cuts words at colons and equals signs; here they are whole.</summary>
internal static class BashWords
{
    /// <summary>Functions, and the beginning of the one that completes: up to the cases of words that take a value.</summary>
    internal const string Functions = """
        # bash completion for varve. Made by 'varve reference bash'.

        # The line up to the cursor, as words without their quotes. The last is 'cur'; bash puts in what stands behind 'cut' of its characters.
        _varve_words() {
            local line=${COMP_LINE:0:COMP_POINT} quote= word= open= c i
            typed=() cut=0
            for ((i = 0; i < ${#line}; i++)); do
                c=${line:i:1}
                if [[ $c == "\\" && $quote != "'" ]]; then word+=${line: ++i:1} open=1
                elif [[ -n $quote ]]; then
                    if [[ $c == "$quote" ]]; then quote=; else word+=$c; fi
                elif [[ $c == [\'\"] ]]; then quote=$c open=1 cut=${#word}
                elif [[ $c == [[:blank:]] ]]; then
                    [[ -z $open ]] || typed+=("$word")
                    word= open= cut=0
                else
                    word+=$c open=1
                    [[ $COMP_WORDBREAKS != *"$c"* ]] || cut=${#word}
                fi
            done
            cur=$word
            typed+=("$word")
        }

        # What the catalog knows: nothing else is read, and nothing is waited for.
        _varve_ask() {
            compopt -o filenames 2>/dev/null
            compopt -o nosort 2>/dev/null
            mapfile -t COMPREPLY < <("${typed[0]/#\~\//$HOME/}" complete "$1" -- "${typed[@]:1:${#typed[@]}-2}" "$cur" 2>/dev/null)
            COMPREPLY=("${COMPREPLY[@]%%$'\t'*}")
            # More may follow a directory, and a snapshot.
            if [[ ${#COMPREPLY[@]} == 1 && ( $COMPREPLY == */ || ( $1 == snapshot-paths && $COMPREPLY != *[:/]* ) ) ]]; then
                compopt -o nospace 2>/dev/null
            fi
        }

        _varve_trim() {
            ((cut)) || return 0
            COMPREPLY=("${COMPREPLY[@]#"${cur:0:cut}"}")
        }

        _varve() {
            local cur= cut= prev= command= word= skip= options= words= place=0 i
            local -a typed
            _varve_words
            prev=${typed[${#typed[@]}-2]}
            if [[ $cur == --*=* ]]; then
                prev=${cur%%=*} i=${#prev}
                cur=${cur#*=} cut=$((cut > i ? cut - i - 1 : 0))
            fi
            COMPREPLY=()
            for word in "${typed[@]:1:${#typed[@]}-2}"; do
                if [[ -n $skip ]]; then skip=; continue; fi
                case $word in

        """;
}
