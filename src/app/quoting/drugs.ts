/** International nonproprietary names (WHO) of drugs that are given often, folded; a dose of one is compared with a dose of the same alone. */
export const drugs: readonly string[] = `
  acetaminophen paracetamol aciclovir adrenaline epinephrine alendronate allopurinol amiodarone amitriptyline amlodipine amoxicillin
  ampicillin apixaban aspirin atenolol atorvastatin azathioprine azithromycin baclofen bisoprolol budesonide bumetanide captopril
  carbamazepine carvedilol cefalexin cefazolin cefotaxime ceftriaxone cefuroxime cetirizine ciclosporin ciprofloxacin citalopram
  clarithromycin clindamycin clopidogrel codeine colchicine dabigatran dapagliflozin dexamethasone diazepam diclofenac digoxin diltiazem
  doxazosin doxycycline duloxetine edoxaban empagliflozin enalapril enoxaparin erythromycin escitalopram esomeprazole fentanyl
  flecainide flucloxacillin fluconazole fluoxetine folate furosemide gabapentin gentamicin gliclazide glimepiride haloperidol heparin
  hydralazine hydrochlorothiazide hydrocortisone ibuprofen indapamide irbesartan ivabradine labetalol lamotrigine lansoprazole
  levetiracetam levofloxacin levothyroxine linezolid lisinopril lithium loperamide loratadine lorazepam losartan meropenem metformin
  methotrexate methylprednisolone metoclopramide metoprolol metronidazole midazolam mirtazapine montelukast morphine naloxone naproxen
  nebivolol nifedipine nitrofurantoin noradrenaline norepinephrine olanzapine omeprazole ondansetron oxycodone pantoprazole paroxetine
  perindopril phenytoin piperacillin pravastatin prednisolone prednisone pregabalin propranolol quetiapine ramipril ranitidine
  rifampicin risperidone rivaroxaban rosuvastatin salbutamol sertraline simvastatin sitagliptin spironolactone sulfamethoxazole
  tamsulosin telmisartan ticagrelor topiramate torasemide tramadol trimethoprim valproate valsartan vancomycin venlafaxine verapamil
  warfarin zolpidem
`
  .split(/\s+/)
  .filter(Boolean);
